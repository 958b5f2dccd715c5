import { idToUuid, uuidToId, type ProgrammeId } from '../../src/kernel/ids.js';
import type { TestEngine } from '../harness/engine.js';
import type { LotRow, MovementRow } from './recount.js';

const BUCKETS = [
  ...['undelivered', 'pending', 'available', 'held', 'redeemed'],
  ...['expired', 'returned', 'settled', 'moved', 'cancelled'],
];

const MOVEMENTS = `SELECT m.*, m.posting_date::text AS posted_on, m.cause_type = 'adjustment' OR EXISTS (SELECT FROM returns r
    WHERE m.cause_type = 'return' AND r.return_id = m.cause_id AND r.adjustment_id IS NOT NULL) AS manual
  FROM movements m JOIN accounts a USING (account_id) WHERE a.programme_id = '%' ORDER BY m.account_id, m.sequence`;
const LOTS = `SELECT l.* FROM lots l JOIN accounts a USING (account_id) WHERE a.programme_id = '%'`;
/** Accounts whose figures are not those of their lots and movements (I7). */
const ACCOUNTS = `SELECT a.account_id, a.available, a.pending, a.held, a.debt,
    l.available AS l_available, l.pending AS l_pending, l.held AS l_held, d.debt AS m_debt
  FROM accounts a
  LEFT JOIN LATERAL (SELECT coalesce(sum(x.available), 0) AS available, coalesce(sum(x.held), 0) AS held,
    coalesce(sum(x.pending + x.undelivered), 0) AS pending FROM lots x WHERE x.account_id = a.account_id) l ON true
  LEFT JOIN LATERAL (SELECT coalesce(sum(m.points * ((m.to_bucket = 'debt' OR m.from_bucket = 'settled')::int
    - (m.from_bucket = 'debt' OR m.to_bucket = 'settled')::int)), 0) AS debt
    FROM movements m WHERE m.account_id = a.account_id) d ON true
  WHERE a.programme_id = '%' AND ((a.available, a.pending, a.held, a.debt)
    IS DISTINCT FROM (l.available::bigint, l.pending::bigint, l.held::bigint, d.debt::bigint)
    OR (a.debt > 0 AND a.available > 0) OR a.debt < 0)`;

type Row = Readonly<Record<string, string | null | Date | boolean>>;

/** What the tables have of a programme. */
export async function readRows({ asOwner }: TestEngine, programmeId: ProgrammeId) {
  const of = (sql: string) => asOwner(sql.replace('%', idToUuid(programmeId)));
  const stored = await of(MOVEMENTS);
  const movements = stored.map(movementOf);
  const lots = new Map((await of(LOTS)).map(lotOf).map((lot) => [lot.id, lot] as const));
  return {
    movements,
    lots,
    issues: childIssues(stored, movements, lots),
    brokenAccounts: await of(ACCOUNTS),
  };
}

const text = (value: unknown): string => value as string;
const whole = (value: unknown): bigint => BigInt(value as string);
const instant = (value: unknown): number => (value as Date).getTime();
const lotId = (value: unknown): string | null => (value === null ? null : uuidToId('lot', value as string));

function movementOf(row: Row): MovementRow {
  return {
    account: text(row['account_id']),
    sequence: whole(row['sequence']),
    lot: lotId(row['lot_id']),
    from: text(row['from_bucket']),
    to: text(row['to_bucket']),
    points: whole(row['points']),
    liability: whole(row['liability']),
    code: row['event_code'] as string | null,
    cause: text(row['cause_type']),
    occurredAt: instant(row['occurred_at']),
    recordedAt: instant(row['recorded_at']),
    effectiveAt: instant(row['effective_at'] ?? row['occurred_at']),
    postedOn: text(row['posted_on']),
    manual: row['manual'] === true,
  };
}

function lotOf(row: Row): LotRow {
  return {
    id: text(lotId(row['lot_id'])),
    parent: lotId(row['parent_lot_id']),
    account: text(row['account_id']),
    origin: text(row['origin']),
    points: whole(row['points']),
    allocated: whole(row['allocated']),
    buckets: Object.fromEntries(BUCKETS.map((bucket) => [bucket, whole(row[bucket])])),
  };
}

/** By account and number of the movement that begins a child lot: the day on which the points left its parent. */
function childIssues(
  stored: readonly Row[],
  movements: readonly MovementRow[],
  lots: ReadonlyMap<string, LotRow>,
): ReadonlyMap<string, string> {
  const left = new Map<string, string>();
  for (const [index, { lot, to, postedOn }] of movements.entries())
    if (to === 'moved') left.set(`${lot} ${text(stored[index]?.['cause_id'])}`, postedOn);
  const issues = new Map<string, string>();
  for (const [index, { lot, from, account, sequence }] of movements.entries()) {
    const parent = lots.get(lot ?? '')?.parent;
    const day = parent ? left.get(`${parent} ${text(stored[index]?.['cause_id'])}`) : undefined;
    if (from === 'issued' && day !== undefined) issues.set(`${account} ${sequence}`, day);
  }
  return issues;
}
