import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { addToDate } from '../kernel/time.js';
import { Answers } from '../platform/http/answers.js';
import { CurrentCaller, Scopes, type Caller } from '../platform/http/caller.js';
import { IsDay } from '../platform/http/fields.js';
import { IsKeyText } from '../platform/http/key-text.js';
import { DEFAULT_PAGE_SIZE, PageQueryDto } from '../platform/http/pagination.js';
import { invalid } from '../platform/http/validation.js';
import { MAX_NUMBER, MAX_TERMINAL_ID } from './purchase.dto.js';
import {
  TerminalSequenceQuery,
  type AfterFinding,
  type TerminalFinding,
} from './terminal-sequences.query.js';

/** Over so many days the numbers of terminals are looked through at once. */
export const MAX_TERMINAL_DAYS = 31;

export class TerminalSequencesQueryDto extends PageQueryDto {
  @ApiProperty({ example: 'store-12' })
  @IsKeyText(MAX_NUMBER)
  source!: string;

  /** One terminal of the source; without it all of them. */
  @ApiPropertyOptional({ example: 'till-3' })
  @IsOptional()
  @IsKeyText(MAX_TERMINAL_ID)
  terminalId?: string;

  /** The first business day. */
  @ApiProperty({ example: '2026-11-01' })
  @IsDay()
  from!: string;

  /** The last business day, at most 31 days with the first. */
  @ApiProperty({ example: '2026-11-30' })
  @IsDay()
  to!: string;
}

@ApiTags('reports')
@Controller('v1/reports')
@Scopes('admin', 'finance', 'analyst', 'auditor')
export class TerminalSequencesController {
  constructor(private readonly query: TerminalSequenceQuery) {}

  @Get('terminal-sequences')
  @Answers(200, 'TerminalSequences')
  @ApiOperation({
    summary: 'Numbers that are missing between receipts of a terminal, and those that several receipts carry',
  })
  async findings(@CurrentCaller() caller: Caller, @Query() query: TerminalSequencesQueryDto) {
    const { source, terminalId = null, from, to, cursor, limit = DEFAULT_PAGE_SIZE } = query;
    checkDays(from, to);
    const after = cursor === undefined ? null : readCursor(cursor);
    const range = { source, terminalId, from, to, after, limit: limit + 1 };
    const rows = await this.query.findings(caller.programmeId, range);
    const data = rows.slice(0, limit);
    const last = data.at(-1);
    return { data, nextCursor: rows.length > limit && last ? cursorOf(last) : null };
  }
}

function checkDays(from: string, to: string): void {
  if (to < from)
    throw invalid([
      { pointer: '/to', code: 'DAYS_UPSIDE_DOWN', detail: 'The last day is before the first.' },
    ]);
  if (to < addToDate(from, { days: MAX_TERMINAL_DAYS })) return;
  const detail = `from and to are at most ${MAX_TERMINAL_DAYS} days.`;
  throw invalid([{ pointer: '/to', code: 'TOO_WIDE', detail }]);
}

function cursorOf({ terminalId, first }: TerminalFinding): string {
  return Buffer.from(`${first} ${terminalId}`).toString('base64url');
}

function readCursor(cursor: string): AfterFinding {
  const read = /^(\d{1,13}) (.+)$/su.exec(Buffer.from(cursor, 'base64url').toString());
  if (read) return { first: Number(read[1]), terminalId: read[2] as string };
  const detail = 'The cursor must be the nextCursor of an earlier page.';
  throw invalid([{ pointer: '/cursor', code: 'NOT_A_CURSOR', detail }]);
}
