import type { DataSource } from 'typeorm';
import { idToUuid, uuidToId, type AccountId, type MemberId, type ProgrammeId } from '../../../kernel/ids.js';
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

/** Which of what is due is asked for. */
export interface DueAsked {
  /** Default: those of all programmes. */
  readonly programmeId?: ProgrammeId | undefined;
  /** Accounts that are left out. */
  readonly except: readonly AccountId[];
  readonly limit: number;
}

interface DueRow {
  /** Null in the one row that comes where nothing that was asked for is in the window. */
  readonly account_id: string | null;
  readonly programme_id: string;
  readonly member_id: string | null;
  /** The most that one statement found. */
  readonly most: number;
}

/** By how much more is looked at where nothing of what was looked at was asked for. */
const WIDER = 8;

/** Finds what fell due, by the statements of all slices' due rules put together. */
export class DueTargets {
  private readonly due: string;
  private readonly oldest: string;

  constructor(slices: readonly AnySlice[]) {
    const finds = dueRulesOf(slices).flatMap(({ rule }) => rule.find);
    const all = finds.map((find) => `(${find})`).join('\n    UNION ALL ');
    const numbered = finds.map(
      (find, index) => `SELECT ${index} AS finder, f${index}.* FROM (${find}) f${index}`,
    );
    this.due = `WITH found AS MATERIALIZED (
    ${numbered.join('\n    UNION ALL ')}),
  asked AS (
    SELECT DISTINCT a.account_id, a.programme_id, d.member_id FROM found d
    JOIN accounts a ON a.account_id = d.account_id
    WHERE ($3::uuid IS NULL OR a.programme_id = $3) AND a.account_id <> ALL($4::uuid[]) LIMIT $5)
  SELECT t.account_id, t.programme_id, t.member_id, m.most FROM (
    SELECT coalesce(max(n.found), 0)::int AS most FROM (
      SELECT count(*) AS found FROM found f GROUP BY f.finder) n) m
  LEFT JOIN asked t ON true`;
    this.oldest = `SELECT min(d.due_at) AS due_at FROM (
    ${all}) d`;
  }

  /**
   * Accounts and members on which something fell due by `now`, each once and at most `limit`. Looks at the earliest
   * first, and at more where none of them was asked for.
   */
  async dueBy(
    dataSource: DataSource,
    now: Instant,
    { programmeId, except, limit }: DueAsked,
  ): Promise<readonly DueTarget[]> {
    const programme = programmeId === undefined ? null : idToUuid(programmeId);
    for (let window = limit; ; window *= WIDER) {
      const values = [new Date(now), window, programme, except.map(idToUuid), limit];
      const rows = await dataSource.query<DueRow[]>(this.due, values);
      const targets = rows.flatMap(targetOf);
      if (targets.length > 0 || (rows[0]?.most ?? 0) < window) return targets;
    }
  }

  /** When the oldest of what is due by `now` fell due; null when nothing is. */
  async oldestBy(dataSource: DataSource, now: Instant): Promise<Instant | null> {
    const rows = await dataSource.query<{ due_at: Date | null }[]>(this.oldest, [new Date(now), 1]);
    return rows[0]?.due_at?.getTime() ?? null;
  }
}

function targetOf({ account_id, programme_id, member_id }: DueRow): readonly DueTarget[] {
  if (account_id === null) return [];
  return [
    {
      programmeId: uuidToId('prg', programme_id),
      accountId: uuidToId('acc', account_id),
      memberId: member_id === null ? null : uuidToId('mbr', member_id),
    },
  ];
}
