import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { Answers } from '../platform/http/answers.js';
import { CurrentCaller, Scopes, type Caller } from '../platform/http/caller.js';
import { askedPage, shownPage, TimeListQueryDto } from '../platform/http/time-list.dto.js';
import { ConfigCache } from '../platform/versioned-config/config-cache.js';
import type { RedemptionStatus } from './domain/redemption-facts.js';
import { RedemptionQuery } from './redemption.query.js';
import { redemptionRecordView } from './redemption-view.js';

const STATUSES = [
  'authorised',
  'captured',
  'voided',
  'reversed',
] as const satisfies readonly RedemptionStatus[];

export class RedemptionsQueryDto extends TimeListQueryDto {
  @ApiPropertyOptional({ enum: STATUSES })
  @IsOptional()
  @IsIn(STATUSES)
  status?: RedemptionStatus;
}

@ApiTags('redemptions')
@Controller('v1/redemptions')
@Scopes('members', 'admin', 'analyst', 'auditor')
export class RedemptionListController {
  constructor(
    private readonly query: RedemptionQuery,
    private readonly configs: ConfigCache,
  ) {}

  @Get()
  @Answers(200, 'Redemptions')
  @ApiOperation({
    summary: 'Redemptions by member, status and the day on which they were made, newest first',
  })
  async list(@CurrentCaller() { programmeId }: Caller, @Query() query: RedemptionsQueryDto) {
    const { timeZone } = await this.configs.atLeast(programmeId, 0);
    const page = askedPage(query, 'rdm', timeZone);
    const found = await this.query.page(programmeId, page, query.status ?? null);
    return shownPage(found.map(redemptionRecordView), page);
  }
}
