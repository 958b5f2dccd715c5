import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsOptional, IsString, Length } from 'class-validator';
import { isId } from '../kernel/ids.js';
import { Answers } from '../platform/http/answers.js';
import { CurrentCaller, Scopes, type Caller } from '../platform/http/caller.js';
import { IsInstant } from '../platform/http/fields.js';
import { DEFAULT_PAGE_SIZE, instantOf, PageQueryDto } from '../platform/http/pagination.js';
import { invalid } from '../platform/http/validation.js';
import { askedAction } from './asked-action.js';
import { AuditQuery } from './audit.query.js';

export class AuditQueryDto extends PageQueryDto {
  /** A key's id, `engine`, or the tool on the machine that did it. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @Length(1, 100)
  actor?: string;

  @ApiPropertyOptional({ example: 'key.created' })
  @IsOptional()
  @IsString()
  @Length(1, 100)
  action?: string;

  @ApiPropertyOptional({ example: 'key_01h455vb4pex5vsknk084sn02q' })
  @IsOptional()
  @IsString()
  @Length(1, 200)
  subject?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  memberId?: string;

  /** From then on. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsInstant()
  from?: string;

  /** Before then. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsInstant()
  to?: string;
}

@ApiTags('audit')
@Controller('v1/audit')
@Scopes('auditor', 'admin')
export class AuditController {
  constructor(private readonly query: AuditQuery) {}

  @Get()
  @Answers(200, 'AuditEntries')
  @ApiOperation({
    summary: 'Changes of configuration, keys, members and adjustments, each with its actor; newest first',
  })
  async list(@CurrentCaller() { programmeId }: Caller, @Query() query: AuditQueryDto) {
    const { actor = null, subject = null, memberId = null, cursor = null } = query;
    if (memberId !== null && !isId('mbr', memberId))
      throw invalid([{ pointer: '/memberId', code: 'NOT_AN_ID', detail: `${memberId} is not a member id.` }]);
    if (cursor !== null && !isId('adt', cursor))
      throw invalid([
        {
          pointer: '/cursor',
          code: 'NOT_A_CURSOR',
          detail: 'The cursor must be the nextCursor of an earlier page.',
        },
      ]);
    const action = query.action === undefined ? null : askedAction(query.action);
    const limit = query.limit ?? DEFAULT_PAGE_SIZE;
    const range = { from: instantOf(query.from), to: instantOf(query.to) };
    const filter = { actor, action, subject, memberId, cursor, ...range, limit: limit + 1 };
    const found = await this.query.page(programmeId, filter);
    const data = found.slice(0, limit);
    return { data, nextCursor: found.length > limit ? (data.at(-1)?.id ?? null) : null };
  }
}
