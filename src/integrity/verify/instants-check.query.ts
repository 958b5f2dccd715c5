import { idToUuid, uuidToId, type AccountId } from '../../kernel/ids.js';
import type { Snapshot } from '../../platform/database/snapshot.js';
import type { Row } from '../../platform/database/row.js';
import { negativeFigures } from '../../ledger/index.js';
import { compare, type Difference } from './difference.js';

/** Rows fetched at once while streaming. */
const BATCH = 1000;

const OF_ACCOUNTS = 'm.account_id = ANY($1::uuid[])';
const NEGATIVE = `${negativeFigures(OF_ACCOUNTS)} ORDER BY 1, 2, 3, 4`;

/** Lots that say otherwise than their movements when they last moved. */
const MOVED = `SELECT l.account_id, l.lot_id, l.moved_at::text AS moved_at, l.moved_on,
    c.moved_at::text AS m_moved_at, c.moved_on AS m_moved_on
  FROM lots l
  JOIN (SELECT m.account_id, m.lot_id, max(m.occurred_at) AS moved_at, max(m.posting_date) AS moved_on
    FROM movements m WHERE ${OF_ACCOUNTS} AND m.lot_id IS NOT NULL GROUP BY m.account_id, m.lot_id) c
    ON c.account_id = l.account_id AND c.lot_id = l.lot_id
  WHERE (l.moved_at, l.moved_on) IS DISTINCT FROM (c.moved_at, c.moved_on)
  ORDER BY 1, 2`;

/** Accounts that say otherwise when their debt last grew, or that were recorded of before their last movement. */
const ACCOUNTS = `SELECT a.account_id, a.debt_at::text AS debt_at, a.debt_posted_on, c.debt_at::text AS m_debt_at,
    c.debt_posted_on AS m_debt_posted_on, a.last_recorded_at::text AS last_recorded_at, c.recorded_at::text AS m_recorded_at,
    coalesce(a.last_recorded_at >= c.recorded_at, false) AS recorded
  FROM accounts a
  JOIN (SELECT m.account_id, max(m.recorded_at) AS recorded_at,
      max(m.occurred_at) FILTER (WHERE m.to_bucket = 'debt' OR m.from_bucket = 'settled') AS debt_at,
      max(m.posting_date) FILTER (WHERE m.to_bucket = 'debt' OR m.from_bucket = 'settled') AS debt_posted_on
    FROM movements m WHERE ${OF_ACCOUNTS} GROUP BY m.account_id) c ON c.account_id = a.account_id
  WHERE (a.debt_at, a.debt_posted_on) IS DISTINCT FROM (c.debt_at, c.debt_posted_on)
    OR (a.last_recorded_at >= c.recorded_at) IS NOT TRUE
  ORDER BY 1`;

/**
 * Figures that are negative as of any instant or posting date, and what lots and accounts keep of their instants. In
 * batches; the cost grows with the movements, not with their square.
 */
export async function* instantChecks(
  snapshot: Snapshot,
  accounts: readonly AccountId[],
): AsyncGenerator<readonly Difference[]> {
  const values = [accounts.map(idToUuid)];
  for await (const rows of snapshot.batches(NEGATIVE, values, BATCH)) yield rows.flatMap(negative);
  for await (const rows of snapshot.batches(MOVED, values, BATCH)) yield rows.flatMap(moved);
  for await (const rows of snapshot.batches(ACCOUNTS, values, BATCH)) yield rows.flatMap(ofAccount);
}

function negative(row: Row): readonly Difference[] {
  const clock = row['clock'] as 'occurredAt' | 'recordedAt' | 'postingDate';
  const { bucket, figure, at } = row as Readonly<Record<string, string>>;
  const expected = `${bucket} of 0 or more`;
  return compare(subjectOf(row), `negative.${clock}`, expected, `${figure} from ${at} on`);
}

function moved(row: Row): readonly Difference[] {
  return [
    ...compare(subjectOf(row), 'lot.movedAt', text(row, 'm_moved_at'), text(row, 'moved_at')),
    ...compare(subjectOf(row), 'lot.movedOn', text(row, 'm_moved_on'), text(row, 'moved_on')),
  ];
}

function ofAccount(row: Row): readonly Difference[] {
  const recorded = text(row, 'm_recorded_at');
  const found = row['recorded'] === true ? recorded : text(row, 'last_recorded_at');
  return [
    ...compare(subjectOf(row), 'account.debtAt', text(row, 'm_debt_at'), text(row, 'debt_at')),
    ...compare(
      subjectOf(row),
      'account.debtPostedOn',
      text(row, 'm_debt_posted_on'),
      text(row, 'debt_posted_on'),
    ),
    ...compare(subjectOf(row), 'account.lastRecordedAt', recorded, found),
  ];
}

function subjectOf(row: Row) {
  const accountId = uuidToId('acc', row['account_id'] as string);
  const lotId = (row['lot_id'] ?? null) as string | null;
  return lotId === null ? { accountId } : { accountId, lotId: uuidToId('lot', lotId) };
}

function text(row: Row, column: string): string | null {
  return row[column] as string | null;
}
