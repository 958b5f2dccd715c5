import type { DataSource } from 'typeorm';
import { uuidToId, type AccountId, type MemberId, type ProgrammeId } from '../../../kernel/ids.js';
import type { Instant } from '../../../kernel/time.js';
import { dueRulesOf } from '../batch/due-rules.js';
import type { AnySlice } from '../contract/slice.js';

/** On what something fell due: an account, or one of its members. */
export interface DueTarget {
  readonly programmeId: ProgrammeId;
  readonly accountId: AccountId;
  /** Null for what is the account's own. */
  readonly memberId: MemberId | null;
}

interface DueRow {
  readonly account_id: string;
  readonly programme_id: string;
  readonly member_id: string | null;
}

/** Finds what fell due, by the statements of all slices' due rules put together. */
export class DueTargets {
  private readonly due: string;
  private readonly oldest: string;

  constructor(slices: readonly AnySlice[]) {
    const finds = dueRulesOf(slices).flatMap(({ rule }) => rule.find);
    const all = finds.map((find) => `(${find})`).join('\n    UNION ALL ');
    this.due = `SELECT DISTINCT a.account_id, a.programme_id, d.member_id FROM (
    ${all}) d
  JOIN accounts a ON a.account_id = d.account_id LIMIT $2`;
    this.oldest = `SELECT min(d.due_at) AS due_at FROM (
    ${all}) d`;
  }

  /** Accounts and members on which something fell due by `now`, each once and at most `limit`. */
  async dueBy(dataSource: DataSource, now: Instant, limit: number): Promise<readonly DueTarget[]> {
    const rows = await dataSource.query<DueRow[]>(this.due, [new Date(now), limit]);
    return rows.map((row) => ({
      programmeId: uuidToId('prg', row.programme_id),
      accountId: uuidToId('acc', row.account_id),
      memberId: row.member_id === null ? null : uuidToId('mbr', row.member_id),
    }));
  }

  /** When the oldest of what is due by `now` fell due; null when nothing is. */
  async oldestBy(dataSource: DataSource, now: Instant): Promise<Instant | null> {
    const rows = await dataSource.query<{ due_at: Date | null }[]>(this.oldest, [new Date(now), 1]);
    return rows[0]?.due_at?.getTime() ?? null;
  }
}
