import { idToUuid, uuidToId, type AccountId } from '../../kernel/ids.js';
import type { Snapshot } from '../../platform/database/snapshot.js';
import type { Row } from '../../platform/database/row.js';
import { fixedExpiring } from '../../ledger/index.js';
import { OWNERS } from './account-owner.query.js';
import { adjusted, ADJUSTMENTS } from './adjustment-check.query.js';
import { BUDGET_DRAWS, budgetDraw } from './budget-check.query.js';
import { REGISTRATION_POINTS, registrationPoints } from './campaign-check.query.js';
import { compare, type Difference } from './difference.js';

/** Rows fetched at once while streaming. */
const BATCH = 1000;

/**
 * What left a lot in one transfer against what its children began with (I16). `$1` are the accounts that gave; the
 * other side is found wherever it is, in the same snapshot. Each lot is looked up by itself (`OFFSET 0`): as a join,
 * where statistics are of before the first big transfer, all of an index that looks empty is read for each lot.
 */
const SENT = `SELECT s.account_id, s.lot_id, s.points, s.liability, r.points AS received_points,
    r.liability AS received_liability
  FROM (SELECT m.account_id, m.lot_id, m.cause_type, m.cause_id, sum(m.points) AS points, -sum(m.liability) AS liability
    FROM movements m WHERE m.account_id = ANY($1::uuid[]) AND m.to_bucket = 'moved'
    GROUP BY m.account_id, m.lot_id, m.cause_type, m.cause_id) s
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(i.points), 0) AS points, coalesce(sum(i.liability), 0) AS liability
    FROM lots c CROSS JOIN LATERAL (SELECT x.points, x.liability FROM movements x
      WHERE x.account_id = c.account_id AND x.lot_id = c.lot_id
        AND x.from_bucket = 'issued' AND x.cause_type = 'transfer' AND x.cause_id = s.cause_id OFFSET 0) i
    WHERE c.parent_lot_id = s.lot_id AND s.cause_type = 'transfer') r
  WHERE r.points <> s.points OR r.liability <> s.liability`;

/**
 * Lots that say they continue one from which nothing was moved for them. Issued otherwise they are no continuation.
 * Looked up lot by lot for the same reason.
 */
const ORPHANS = `SELECT c.account_id, c.lot_id, c.parent_lot_id
  FROM lots c CROSS JOIN LATERAL (SELECT x.cause_id FROM movements x
    WHERE x.account_id = c.account_id AND x.lot_id = c.lot_id AND x.from_bucket = 'issued'
      AND x.cause_type = 'transfer' OFFSET 0) i
  WHERE c.account_id = ANY($1::uuid[]) AND c.parent_lot_id IS NOT NULL
    AND (SELECT p.sequence FROM movements p WHERE p.to_bucket = 'moved' AND p.lot_id = c.parent_lot_id
      AND p.cause_id = i.cause_id AND p.cause_type = 'transfer' LIMIT 1) IS NULL`;

/**
 * Redemptions against the movements they caused. Points that came back for a return are that movement's cause, so
 * only those of a reversal are seen here.
 */
const REDEMPTIONS = `SELECT coalesce(r.account_id, c.account_id) AS account_id,
    coalesce(r.redemption_id, c.cause_id) AS redemption_id, r.status, r.points,
    coalesce(c.held, 0) AS held, coalesce(c.redeemed, 0) AS redeemed
  FROM (SELECT x.* FROM redemptions x WHERE x.account_id = ANY($1::uuid[])) r
  FULL JOIN (
    SELECT m.account_id, m.cause_id,
      sum(m.points * ((m.to_bucket = 'held')::int - (m.from_bucket = 'held')::int)) AS held,
      sum(m.points) FILTER (WHERE m.to_bucket = 'redeemed') AS redeemed
    FROM movements m WHERE m.account_id = ANY($1::uuid[]) AND m.cause_type = 'redemption'
    GROUP BY m.account_id, m.cause_id) c
    ON c.account_id = r.account_id AND c.cause_id = r.redemption_id`;

/** Points that were used and are not back, by the lots, against the redemptions'. */
const USED = `SELECT u.account_id, coalesce(r.used, 0) AS used, a.lifetime_redeemed
  FROM unnest($1::uuid[]) AS u(account_id) JOIN accounts a ON a.account_id = u.account_id
  LEFT JOIN LATERAL (SELECT sum(x.points - x.reversed_points) AS used FROM redemptions x
    WHERE x.account_id = u.account_id AND x.status IN ('captured', 'reversed')) r ON true
  WHERE coalesce(r.used, 0) <> a.lifetime_redeemed`;

/**
 * Returns against the movements they caused, on the account on which they were carried out and where else they took
 * points that waited: there the return says how many. Points of redemptions come back first and may fill a debt; what
 * fills one after the first point was taken is the return's own doing.
 */
const RETURNS = `SELECT coalesce(r.account_id, c.account_id) AS account_id, coalesce(r.return_id, c.cause_id) AS return_id,
    r.return_id IS NOT NULL AS is_stored, r.points_taken, r.taken_from, r.debt, coalesce(b.points, 0) AS restored,
    CASE WHEN r.return_id IS NULL THEN (SELECT x.taken_from FROM returns x WHERE x.return_id = c.cause_id) END AS elsewhere,
    coalesce(c.taken, 0) AS m_taken, coalesce(c.debt, 0) AS m_debt, coalesce(c.restored, 0) AS m_restored
  FROM (SELECT x.* FROM returns x WHERE x.account_id = ANY($1::uuid[])) r
  LEFT JOIN LATERAL (SELECT sum((e->>'points')::bigint) AS points FROM json_array_elements(r.redemptions) e) b ON true
  FULL JOIN (
    SELECT m.account_id, m.cause_id,
      sum(m.points) FILTER (WHERE (m.to_bucket = 'returned' AND m.from_bucket <> 'settled')
        OR (m.to_bucket = 'settled' AND m.sequence > m.began)) AS taken,
      sum(m.points * ((m.to_bucket = 'debt' OR m.from_bucket = 'settled')::int
        - (m.to_bucket = 'settled' AND m.sequence > m.began)::int)) AS debt,
      sum(m.points) FILTER (WHERE m.from_bucket = 'redeemed') AS restored
    FROM (SELECT x.*, coalesce(min(x.sequence) FILTER (WHERE x.to_bucket IN ('returned', 'debt'))
        OVER (PARTITION BY x.account_id, x.cause_id), 9223372036854775807) AS began
      FROM movements x WHERE x.account_id = ANY($1::uuid[]) AND x.cause_type = 'return') m
    GROUP BY m.account_id, m.cause_id) c
    ON c.account_id = r.account_id AND c.cause_id = r.return_id`;

/** Undos against the movements they caused, on each account: a row for each receipt, and movements that name the undo. */
const UNDONE = `SELECT coalesce(r.account_id, c.account_id) AS account_id, coalesce(r.undo_id, c.cause_id) AS undo_id,
    coalesce(r.taken, 0) AS points_taken, coalesce(r.debt, 0) AS debt,
    coalesce(c.taken, 0) AS m_taken, coalesce(c.debt, 0) AS m_debt
  FROM (SELECT x.account_id, x.undo_id, sum(x.points_taken) AS taken, sum(x.debt) AS debt
    FROM undone_grants x WHERE x.account_id = ANY($1::uuid[]) GROUP BY x.account_id, x.undo_id) r
  FULL JOIN (SELECT m.account_id, m.cause_id,
      sum(m.points) FILTER (WHERE (m.to_bucket = 'returned' AND m.from_bucket <> 'settled')
        OR m.to_bucket = 'settled') AS taken,
      sum(m.points * ((m.to_bucket = 'debt' OR m.from_bucket = 'settled')::int
        - (m.to_bucket = 'settled')::int)) AS debt
    FROM movements m WHERE m.account_id = ANY($1::uuid[]) AND m.cause_type = 'undo'
    GROUP BY m.account_id, m.cause_id) c
    ON c.account_id = r.account_id AND c.cause_id = r.undo_id`;

/** Accounts that would be looked at too late: waiting points and holds come of age before the instant that is noted. */
const DUE = `SELECT a.account_id, a.next_pending_at, a.next_hold_expiry_at, w.at AS pending_at, h.at AS hold_at
  FROM accounts a
  LEFT JOIN LATERAL (
    SELECT min(CASE WHEN l.awaits IS NULL THEN l.available_at
      ELSE to_timestamp((l.awaits->>'cancelAt')::numeric / 1000) END) AS at
    FROM lots l WHERE l.account_id = a.account_id AND l.available + l.held + l.pending + l.undelivered > 0
      AND l.pending + l.undelivered > 0) w ON true
  LEFT JOIN LATERAL (SELECT min(r.hold_expires_at) AS at FROM redemptions r
    WHERE r.account_id = a.account_id AND r.status = 'authorised') h ON true
  WHERE a.account_id = ANY($1::uuid[])
    AND (a.next_pending_at > w.at OR (a.next_pending_at IS NULL AND w.at IS NOT NULL)
      OR a.next_hold_expiry_at > h.at OR (a.next_hold_expiry_at IS NULL AND h.at IS NOT NULL))`;

/** Accounts whose row says other coming expiries than their lots. */
const EXPIRING = `SELECT a.account_id, a.expiring::text AS noted, e.expiring::text AS found
  FROM accounts a LEFT JOIN LATERAL (${fixedExpiring('a.account_id')}) e ON true
  WHERE a.account_id = ANY($1::uuid[])
    AND coalesce(a.expiring::jsonb, '[]') IS DISTINCT FROM coalesce(e.expiring::jsonb, '[]')`;

/** Accounts whose row says another number of sliding points than their lots. */
const SLIDING = `SELECT a.account_id, a.sliding_available::text AS noted, s.points::text AS found
  FROM accounts a CROSS JOIN LATERAL (SELECT coalesce(sum(l.available), 0) AS points FROM lots l
    WHERE l.account_id = a.account_id AND l.available > 0 AND l.slides) s
  WHERE a.account_id = ANY($1::uuid[]) AND a.sliding_available <> s.points`;

/** Households that were closed at another time than the last of their members left. */
const HOUSEHOLDS = `SELECT h.account_id, h.closed_at::text AS closed_at, e.told::text AS told
  FROM households h CROSS JOIN LATERAL (SELECT max(x.recorded_at) AS told FROM events x
    WHERE x.account_id = h.account_id AND x.type = 'household.left' AND x.data->>'closed' = 'true') e
  WHERE h.account_id = ANY($1::uuid[]) AND h.closed_at IS DISTINCT FROM e.told`;

/** What is wrong between the movements of some accounts and what other tables and other accounts say. */
export async function* crossChecks(
  snapshot: Snapshot,
  accounts: readonly AccountId[],
): AsyncGenerator<readonly Difference[]> {
  for (const [sql, differencesOf] of CHECKS) {
    for await (const rows of snapshot.batches(sql, [accounts.map(idToUuid)], BATCH))
      yield rows.flatMap(differencesOf);
  }
}

const CHECKS: readonly (readonly [sql: string, differencesOf: (row: Row) => readonly Difference[]])[] = [
  [
    SENT,
    (row) => {
      const subject = { ...account(row), lotId: uuidToId('lot', row['lot_id'] as string) };
      return [
        ...compare(subject, 'transfer.points', text(row, 'points'), text(row, 'received_points')),
        ...compare(subject, 'transfer.liability', text(row, 'liability'), text(row, 'received_liability')),
      ];
    },
  ],
  [
    ORPHANS,
    (row) => {
      const subject = { ...account(row), lotId: uuidToId('lot', row['lot_id'] as string) };
      const parent = uuidToId('lot', row['parent_lot_id'] as string);
      return compare(subject, 'transfer.parent', `points moved from ${parent}`, 'none');
    },
  ],
  [REDEMPTIONS, redemption],
  [
    USED,
    (row) => compare(account(row), 'redemption.redeemed', text(row, 'lifetime_redeemed'), text(row, 'used')),
  ],
  [RETURNS, returned],
  [UNDONE, undone],
  [
    DUE,
    (row) => [
      ...notLater(row, 'account.nextPendingAt', row['pending_at'], row['next_pending_at']),
      ...notLater(row, 'account.nextHoldExpiryAt', row['hold_at'], row['next_hold_expiry_at']),
    ],
  ],
  [
    OWNERS,
    (row) => [
      ...compare(account(row), 'account.owner', text(row, 'head'), text(row, 'noted_head')),
      ...compare(account(row), 'account.householdSize', text(row, 'size'), text(row, 'noted_size')),
      ...compare(account(row), 'account.slidingDueAt', text(row, 'due'), text(row, 'noted_due')),
      ...compare(account(row), 'account.forfeitsAt', text(row, 'forfeits'), text(row, 'noted_forfeits')),
    ],
  ],
  [ADJUSTMENTS, adjusted],
  [BUDGET_DRAWS, budgetDraw],
  [REGISTRATION_POINTS, registrationPoints],
  [
    HOUSEHOLDS,
    (row) => compare(account(row), 'household.closedAt', text(row, 'told'), text(row, 'closed_at')),
  ],
  [
    SLIDING,
    (row) => compare(account(row), 'account.slidingAvailable', text(row, 'found'), text(row, 'noted')),
  ],
  [EXPIRING, (row) => compare(account(row), 'account.expiring', text(row, 'found'), text(row, 'noted'))],
];

function redemption(row: Row): readonly Difference[] {
  const subject = { ...account(row), redemptionId: uuidToId('rdm', row['redemption_id'] as string) };
  if (row['status'] === null) return compare(subject, 'redemption.exists', 'a redemption', 'none');
  const inState = (...states: string[]): string =>
    states.includes(row['status'] as string) ? text(row, 'points') : '0';
  return [
    ...compare(subject, 'redemption.held', text(row, 'held'), inState('authorised')),
    ...compare(subject, 'redemption.redeemed', text(row, 'redeemed'), inState('captured', 'reversed')),
  ];
}

function returned(row: Row): readonly Difference[] {
  const subject = { ...account(row), returnId: uuidToId('ret', row['return_id'] as string) };
  if (row['is_stored'] !== true) {
    if (row['elsewhere'] === null) return compare(subject, 'return.exists', 'a return', 'none');
    return compare(
      subject,
      'return.pointsTaken',
      text(row, 'm_taken'),
      takenIn(row['elsewhere'], subject.accountId),
    );
  }
  const debt = BigInt(text(row, 'm_debt'));
  return [
    ...compare(subject, 'return.pointsTaken', text(row, 'm_taken'), pointsTakenHere(row)),
    // Points that came back for the return may have filled more of the debt than it made.
    ...compare(subject, 'return.debt', debt > 0n ? debt : 0n, text(row, 'debt')),
    ...compare(subject, 'return.restored', text(row, 'm_restored'), text(row, 'restored')),
  ];
}

function undone(row: Row): readonly Difference[] {
  const subject = { ...account(row), undoId: uuidToId('und', row['undo_id'] as string) };
  return [
    ...compare(subject, 'undo.pointsTaken', text(row, 'm_taken'), text(row, 'points_taken')),
    ...compare(subject, 'undo.debt', text(row, 'm_debt'), text(row, 'debt')),
  ];
}

/** What a return took, less what it took where points waited in other accounts. */
function pointsTakenHere(row: Row): bigint {
  const taken = row['taken_from'] as readonly TakenPart[];
  const elsewhere = taken.filter(({ accountId }) => accountId !== undefined);
  return BigInt(text(row, 'points_taken')) - BigInt(sum(elsewhere));
}

interface TakenPart {
  readonly points: number;
  /** Where it is not the account of the return. */
  readonly accountId?: AccountId;
}

function takenIn(taken: unknown, place: AccountId): number {
  return sum((taken as readonly TakenPart[]).filter(({ accountId }) => accountId === place));
}

function sum(parts: readonly TakenPart[]): number {
  return parts.reduce((total, { points }) => total + points, 0);
}

function notLater(
  row: Row,
  check: 'account.nextPendingAt' | 'account.nextHoldExpiryAt',
  earliest: unknown,
  noted: unknown,
): readonly Difference[] {
  const [expected, actual] = [earliest as Date | null, noted as Date | null];
  if (expected === null || (actual !== null && actual <= expected)) return [];
  const found = actual?.toISOString() ?? 'never';
  return compare(account(row), check, `not after ${expected.toISOString()}`, found);
}

function account(row: Row): { readonly accountId: AccountId } {
  return { accountId: uuidToId('acc', row['account_id'] as string) };
}

function text(row: Row, column: string): string {
  return String(row[column]);
}
