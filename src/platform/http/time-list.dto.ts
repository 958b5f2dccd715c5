import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Length } from 'class-validator';
import { isId, type IdPrefix, type MemberId } from '../../kernel/ids.js';
import { endOfDay, startOfDay } from '../../kernel/time.js';
import type { TimeListPage } from '../database/time-list.js';
import { IsDay } from './fields.js';
import { DEFAULT_PAGE_SIZE, PageQueryDto } from './pagination.js';
import { invalid } from './validation.js';

/** What every list in the order of time takes. */
export class TimeListQueryDto extends PageQueryDto {
  @ApiPropertyOptional({ example: 'mbr_01k9z0c1q8e4v8m2s6t4w3x5y7' })
  @IsOptional()
  @IsString()
  @Length(1, 60)
  memberId?: string;

  /** The first day, in the programme's zone. */
  @ApiPropertyOptional({ example: '2026-11-01' })
  @IsOptional()
  @IsDay()
  from?: string;

  /** The last day, in the programme's zone. */
  @ApiPropertyOptional({ example: '2026-11-30' })
  @IsOptional()
  @IsDay()
  to?: string;
}

/** A checked query of such a list. One more row is read than is shown: it says whether there are more. */
export interface AskedPage extends TimeListPage {
  readonly memberId: MemberId | null;
}

/** @throws ProblemException VALIDATION_FAILED for a cursor that is none, a member's id that is none, days upside down. */
export function askedPage(query: TimeListQueryDto, prefix: IdPrefix, timeZone: string): AskedPage {
  const { memberId = null, from, to, cursor = null, limit = DEFAULT_PAGE_SIZE } = query;
  if (memberId !== null && !isId('mbr', memberId)) {
    const detail = `${memberId} is no id of a member.`;
    throw invalid([{ pointer: '/memberId', code: 'NOT_AN_ID', detail }]);
  }
  if (cursor !== null && !isId(prefix, cursor)) {
    const detail = 'The cursor must be the nextCursor of an earlier page.';
    throw invalid([{ pointer: '/cursor', code: 'NOT_A_CURSOR', detail }]);
  }
  if (from !== undefined && to !== undefined && to < from) {
    const detail = 'The last day is before the first.';
    throw invalid([{ pointer: '/to', code: 'DAYS_UPSIDE_DOWN', detail }]);
  }
  return {
    memberId,
    from: from === undefined ? null : startOfDay(from, timeZone),
    to: to === undefined ? null : endOfDay(to, timeZone),
    cursor,
    limit: limit + 1,
  };
}

/** The rows that are shown, and where the next page begins. */
export function shownPage<T extends { readonly id: string }>(rows: readonly T[], { limit }: AskedPage) {
  const data = rows.slice(0, limit - 1);
  return { data, nextCursor: rows.length === limit ? (data.at(-1)?.id ?? null) : null };
}
