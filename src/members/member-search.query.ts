import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { idToUuid, uuidToId, type MemberId, type ProgrammeId } from '../kernel/ids.js';
import { folded } from '../kernel/texts.js';
import type { Row } from '../platform/database/row.js';
import { DATA_SOURCE } from '../platform/tokens.js';

/** Which members, in the order of their ids. */
export interface MemberSearch {
  /** The beginning or the end of one of their identities, or of their external id. */
  readonly text: string | null;
  /** The tier they are on, by what is recorded. */
  readonly tier: string | null;
  /** The keys of the ladder in force, the first tier first; empty where there is none. */
  readonly ladder: readonly string[];
  readonly after: MemberId | null;
  readonly limit: number;
}

/** Written between the digits of telephone numbers, and before them within a country. */
const NUMBER = /^\+?[\d\s().-]+$/u;

const LAST_CHANGE = `SELECT c.to_tier FROM tier_changes c
  WHERE c.account_id = m.home_account_id AND c.member_id = m.member_id ORDER BY c.sequence DESC LIMIT 1`;

/** Finds members by what they are known by, and by tier. */
@Injectable()
export class MemberSearchQuery {
  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  async ids(programmeId: ProgrammeId, search: MemberSearch): Promise<readonly MemberId[]> {
    const { text, tier, ladder, after, limit } = search;
    const values: unknown[] = [idToUuid(programmeId), limit];
    const parameter = (value: unknown) => `$${values.push(value)}`;
    const conditions = [
      ...(after === null ? [] : [`m.member_id > ${parameter(idToUuid(after))}::uuid`]),
      ...(text === null ? [] : [knownBy(text, parameter)]),
      ...(tier === null ? [] : [onTier(tier, ladder, parameter)]),
    ];
    const sql = `SELECT m.member_id FROM members m
      WHERE m.programme_id = $1${conditions.map((condition) => ` AND ${condition}`).join('')}
      ORDER BY m.member_id LIMIT $2`;
    const rows = await this.dataSource.query<Row[]>(sql, values);
    return rows.map((row) => uuidToId('mbr', row['member_id'] as string));
  }
}

/** Both ends of an identity have an index: the last digits of a card are what is read out at a till. */
function knownBy(text: string, parameter: (value: unknown) => string): string {
  const conditions = wordings(text).map((wording) => {
    const start = parameter(`${escaped(wording)}%`);
    const end = parameter(`${escaped([...wording].reverse().join(''))}%`);
    return `lower(i.value) LIKE ${start}::text OR reverse(lower(i.value)) LIKE ${end}::text`;
  });
  return `m.member_id IN (SELECT i.member_id FROM member_identities i
    WHERE i.programme_id = $1 AND (${conditions.join(' OR ')}))`;
}

/** As it was typed, and as the digits that are kept of a telephone number, whose country code may be missing. */
function wordings(text: string): readonly string[] {
  const digits = NUMBER.test(text) ? text.replace(/\D/gu, '').replace(/^0+/u, '') : '';
  return digits === '' ? [folded(text)] : [...new Set([folded(text), digits, `+${digits}`])];
}

function escaped(text: string): string {
  return text.replace(/[\\%_]/gu, '\\$&');
}

/** The first tier needs no change, and takes what the ladder has no more; of every other there are few to look at. */
function onTier(tier: string, ladder: readonly string[], parameter: (value: unknown) => string): string {
  if (!ladder.includes(tier)) return 'false';
  const [first] = ladder;
  if (tier !== first)
    return `m.member_id IN (SELECT x.member_id FROM tier_changes x WHERE x.to_tier = ${parameter(tier)}::text)
      AND (${LAST_CHANGE}) = ${parameter(tier)}::text`;
  return `NOT coalesce((${LAST_CHANGE}) = ANY(${parameter(ladder.slice(1))}::text[]), false)`;
}
