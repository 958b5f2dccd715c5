import { idToUuid, type KeyId } from '../kernel/ids.js';
import { localDate, type LocalDate } from '../kernel/time.js';
import type { Row } from '../platform/database/row.js';
import { SEAL, type SharedSlice, type Table, type Work } from '../platform/pipeline/index.js';
import { LAST_USES } from './adjustment-load.query.js';
import type { LimitUse } from './domain/adjustment-facts.js';

/** What a line of keys posted by itself for a reason, on the last day on which it did. */
export interface ApprovalUses {
  readonly day: LocalDate | null;
  /** Of the last of them on that day; 0: none. */
  readonly sequence: number;
  readonly points: number;
}

const NONE: ApprovalUses = { day: null, sequence: 0, points: 0 };

/** One row for each adjustment that needed no approval, though its reason has a limit. */
export const APPROVAL_USES: Table = {
  name: 'approval_uses',
  mode: 'insert',
  sealed: true,
  key: ['programme_id', 'reason_id', 'line_key_id', 'day', 'sequence'],
  accountScoped: false,
  columns: [
    { name: 'programme_id', type: 'id' },
    { name: 'reason_id', type: 'text' },
    { name: 'line_key_id', type: 'id' },
    { name: 'day', type: 'date' },
    { name: 'sequence', type: 'int' },
    { name: 'points', type: 'bigint' },
    { name: 'account_id', type: 'id' },
    { name: 'adjustment_id', type: 'id' },
    SEAL,
  ],
};

/** Limits add up over all keys of a line, so that a line gains nothing by making more of them. */
export const approvalUsesSlice: SharedSlice<ApprovalUses> = {
  scope: 'shared',
  name: 'approvalUses',
  sql: LAST_USES,
  read: (row: Row) => ({
    day: row['day'] as LocalDate | null,
    sequence: Number(row['sequence']),
    points: Number(row['points']),
  }),
  apply: (uses, event, key) => {
    if (event.type !== 'adjustment.posted') return uses;
    const { use, adjustment } = event.data;
    if (!use || usesKey(adjustment.reason.id, use.line) !== key) return uses;
    const points = use.day === uses.day ? uses.points + use.points : use.points;
    return { day: use.day, sequence: use.sequence, points };
  },
};

/** The key of the state that counts what a line posted for a reason. */
export function usesKey(reason: string, line: KeyId): string {
  return `${idToUuid(line)}/${reason}`;
}

/**
 * What the next adjustment of a line would be counted as. A day that is recorded already does not begin again, where
 * the clock was set back.
 */
export function nextUse(
  work: Work,
  reason: string,
  line: KeyId,
): { readonly use: Omit<LimitUse, 'points'>; readonly used: number } {
  const uses = work.shared(approvalUsesSlice, usesKey(reason, line)) ?? NONE;
  const today = localDate(work.now, work.config.timeZone);
  const day = uses.day !== null && uses.day > today ? uses.day : today;
  const sameDay = day === uses.day;
  return {
    use: { line, day, sequence: sameDay ? uses.sequence + 1 : 1 },
    used: sameDay ? uses.points : 0,
  };
}
