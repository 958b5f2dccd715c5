import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { addToDate } from '../kernel/time.js';
import { Answers } from '../platform/http/answers.js';
import { CurrentCaller, requireScope, Scopes, type Caller } from '../platform/http/caller.js';
import { IsKeyText } from '../platform/http/key-text.js';
import { askedPage, shownPage, TimeListQueryDto } from '../platform/http/time-list.dto.js';
import { invalid } from '../platform/http/validation.js';
import { ConfigCache } from '../platform/versioned-config/config-cache.js';
import { PurchaseListQuery, type NumberFilter } from './purchase-list.query.js';

/** Over so many days a source is searched for, where neither a member nor a number is named. */
export const MAX_SOURCE_DAYS = 31;

/** A till finds one receipt by its number; these see the others. */
const LISTERS = ['members', 'admin', 'analyst', 'auditor'] as const;

export class ReceiptsQueryDto extends TimeListQueryDto {
  /** Alone, without a member or a number, it takes `from` and `to` of at most 31 days. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsKeyText(200)
  source?: string;

  /** With its `source`. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsKeyText(200)
  receiptNo?: string;
}

@ApiTags('purchases')
@Controller('v1')
@Scopes('pos', ...LISTERS)
export class PurchaseListsController {
  constructor(
    private readonly query: PurchaseListQuery,
    private readonly configs: ConfigCache,
  ) {}

  @Get('purchases')
  @Answers(200, 'Purchases')
  @ApiOperation({
    summary: 'Receipts by member, source, number and day, newest first; with pos, one by its number',
  })
  async purchases(@CurrentCaller() caller: Caller, @Query() query: ReceiptsQueryDto) {
    const number = numberOf(query, caller);
    const { timeZone } = await this.configs.atLeast(caller.programmeId, 0);
    const page = askedPage(query, 'pur', timeZone);
    return shownPage(await this.query.purchases(caller.programmeId, page, number), page);
  }

  @Get('returns')
  @Answers(200, 'Returns')
  @ApiOperation({
    summary: 'Returns by member, source, number and day, newest first; with pos, one by its number',
  })
  async returns(@CurrentCaller() caller: Caller, @Query() query: ReceiptsQueryDto) {
    const number = numberOf(query, caller);
    const { timeZone } = await this.configs.atLeast(caller.programmeId, 0);
    const page = askedPage(query, 'ret', timeZone);
    return shownPage(await this.query.returns(caller.programmeId, page, number), page);
  }
}

function numberOf({ source, receiptNo, memberId, from, to }: ReceiptsQueryDto, caller: Caller): NumberFilter {
  if (receiptNo !== undefined && source === undefined) {
    const detail = 'receiptNo needs its source.';
    throw invalid([{ pointer: '/receiptNo', code: 'TOGETHER', detail }]);
  }
  if (receiptNo === undefined) requireScope(caller, LISTERS);
  const isWide = from === undefined || to === undefined || to >= addToDate(from, { days: MAX_SOURCE_DAYS });
  if (source !== undefined && receiptNo === undefined && memberId === undefined && isWide) {
    const detail = `A source needs receiptNo, a member, or from and to of at most ${MAX_SOURCE_DAYS} days.`;
    throw invalid([{ pointer: '/source', code: 'TOO_WIDE', detail }]);
  }
  return { source: source ?? null, receiptNo: receiptNo ?? null };
}
