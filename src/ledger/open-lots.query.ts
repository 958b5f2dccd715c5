import type { Row } from '../platform/database/row.js';
import { DATES_BEYOND } from './domain/preloaded-lots.js';
import {
  EXPIRING_SHOWN,
  firstExpiring,
  type ExpiringPoints,
  type LedgerState,
} from './domain/ledger-state.js';

/** Lots `l` with something still to happen to them; the predicate of the index `lots_open`. */
const open = (l: string): string => `${l}.available + ${l}.held + ${l}.pending + ${l}.undelivered > 0`;

/**
 * The next fixed expiries of an account's available points as its lots have them: what `accounts.expiring` must say.
 * @param accountId SQL.
 */
export const fixedExpiring = (accountId: string): string => `
  SELECT json_agg(json_build_array((extract(epoch FROM e.expires_at) * 1000)::bigint, e.points)) AS expiring
  FROM (SELECT o.expires_at, sum(o.available) AS points FROM lots o
    WHERE o.account_id = ${accountId} AND ${open('o')} AND o.available > 0 AND o.expires_at IS NOT NULL
    GROUP BY o.expires_at ORDER BY o.expires_at LIMIT ${EXPIRING_SHOWN}) e`;

/** An account `a` with its coming expiries. */
export const ACCOUNT_WITH_EXPIRING = `SELECT a.* FROM accounts a WHERE a.account_id = $1 AND a.programme_id = $2`;

/** Reads pairs of an instant in milliseconds and points; null: none. */
export function readDates(pairs: unknown): readonly ExpiringPoints[] {
  return ((pairs ?? []) as [number, number][]).map(([expiresAt, points]) => ({ expiresAt, points }));
}

/** Reads the coming expiries of an account's row. */
export function readExpiring(
  row: Row,
): Pick<LedgerState, 'fixedExpiring' | 'expiringUntil' | 'slidingExpiresAt' | 'slidingAvailable'> {
  const { fixedExpiring, expiringUntil } = firstExpiring(readDates(row['expiring']));
  return {
    fixedExpiring,
    expiringUntil,
    slidingExpiresAt: (row['sliding_expires_at'] as Date | null)?.getTime() ?? null,
    slidingAvailable: Number(row['sliding_available']),
  };
}

/**
 * The buyer of a lot `l` and the buyer's home account, if the lot is pending and continues another, or is pending in
 * a household. Other lots belong to the member of their account and need no look-up.
 */
const BUYER = `CASE WHEN l.pending + l.undelivered > 0 AND (l.root_lot_id IS NOT NULL
      OR EXISTS (SELECT FROM accounts h WHERE h.account_id = l.account_id AND h.household_size IS NOT NULL))
    THEN (SELECT json_build_array(buyer.member_id, buyer.home_account_id) FROM purchases p
      JOIN members pm ON pm.member_id = p.member_id
      JOIN members buyer ON buyer.member_id = coalesce(pm.merged_into, pm.member_id)
      WHERE p.purchase_id = l.purchase_id) END AS buyer`;

/** Every open lot, for decisions that spend, and the lots (with what continues them) that commands name. */
export const OPEN_LOTS = `SELECT l.*, ${BUYER} FROM unnest($1::uuid[]) AS u(account_id)
    JOIN lots l ON l.account_id = u.account_id AND ${open('l')}
  UNION ALL
  SELECT l.*, NULL::json FROM unnest($1::uuid[]) AS u(account_id)
    JOIN lots l ON l.account_id = u.account_id AND NOT (${open('l')})
      AND (l.lot_id = ANY($2::uuid[]) OR l.root_lot_id = ANY($2::uuid[]))
  WHERE cardinality($2::uuid[]) > 0`;

/**
 * When a lot `l` that waits becomes usable or lapses, in milliseconds since 1970: the expression of the index
 * `lots_waiting`.
 */
export const attention = (l: string): string => `(CASE WHEN ${l}.awaits IS NULL
    THEN (extract(epoch FROM ${l}.available_at AT TIME ZONE 'UTC') * 1000)::bigint
    ELSE (${l}.awaits->>'cancelAt')::bigint END)`;

/** Lots that wait; the predicate of that index. */
const waiting = (l: string): string => `${l}.pending + ${l}.undelivered > 0`;

/** Of an account's available lots those that have an end of their own, or none. */
const FIXED = (l: string): string =>
  `${l}.account_id = u.account_id AND ${open(l)} AND ${l}.available > 0 AND NOT ${l}.slides`;

/** The first of them in spending order, and all that end by an instant. */
const FIRST_LOTS = `SELECT l.* FROM lots l WHERE ${FIXED('l')}
      ORDER BY l.expires_at, l.earned_at, l.lot_id
      LIMIT u.first + (SELECT count(*) FROM lots d WHERE ${FIXED('d')} AND d.expires_at <= u.until)`;

/**
 * Parts of each account's lots (`PreloadedLots`), each read from its first lot to the limit, and the referenced
 * lots. `$4`: the limit; `$5`: lots that end or need attention by this instant are included whatever their place;
 * `$6`: the limit of sliding lots (null: all); `$7`: of pending lots; `$8`: whether the dates from the last
 * preloaded lot on are summed up: they come with any one of its lots.
 */
export const PRELOADED_AND_REFERENCED_LOTS = `WITH asked AS (
    SELECT u.* FROM unnest($1::uuid[], $4::int[], $5::timestamptz[], $6::int[], $7::int[], $8::boolean[])
      AS u(account_id, first, until, sliding, waiting, dates)),
  found AS (
  SELECT f.*, 'fixed' AS part, NULL::json AS dates FROM asked u CROSS JOIN LATERAL (${FIRST_LOTS}) f
  UNION ALL
  SELECT f.*, 'dates', (
      SELECT json_agg(json_build_array((extract(epoch FROM e.expires_at) * 1000)::bigint, e.points) ORDER BY e.expires_at)
      FROM (SELECT o.expires_at, sum(o.available) AS points FROM lots o
        WHERE ${FIXED('o')} AND o.expires_at >= (SELECT max(x.expires_at) FROM (${FIRST_LOTS}) x)
        GROUP BY o.expires_at ORDER BY o.expires_at LIMIT ${DATES_BEYOND}) e)
    FROM asked u CROSS JOIN LATERAL (SELECT l.* FROM lots l WHERE ${FIXED('l')} LIMIT 1) f WHERE u.dates
  UNION ALL
  SELECT s.*, 'sliding', NULL FROM asked u CROSS JOIN LATERAL (SELECT l.* FROM lots l
      WHERE l.account_id = u.account_id AND ${open('l')} AND l.available > 0 AND l.slides AND l.expires_at IS NULL
      ORDER BY l.expires_at, l.earned_at, l.lot_id LIMIT u.sliding) s
  UNION ALL
  SELECT w.*, 'waiting', NULL FROM asked u CROSS JOIN LATERAL (SELECT l.* FROM lots l
      WHERE l.account_id = u.account_id AND ${waiting('l')}
      ORDER BY ${attention('l')}
      LIMIT u.waiting + CASE WHEN u.waiting = 0 THEN 0 ELSE (SELECT count(*) FROM lots d
        WHERE d.account_id = u.account_id AND ${waiting('d')}
          AND ${attention('d')} <= (extract(epoch FROM u.until) * 1000)::bigint) END) w
  UNION ALL
  SELECT e.*, 'named', NULL FROM asked u CROSS JOIN LATERAL (SELECT l.* FROM lots l
      WHERE l.account_id = u.account_id AND ${open('l')} AND l.expires_at <= u.until AND l.available = 0) e
  UNION ALL
  SELECT n.*, 'named', NULL FROM unnest($2::uuid[], $3::uuid[]) AS s(lot_id, account_id)
    CROSS JOIN LATERAL (
      SELECT l.* FROM lots l WHERE l.account_id = s.account_id AND l.lot_id = s.lot_id
      UNION ALL
      SELECT l.* FROM lots l WHERE l.root_lot_id = s.lot_id AND l.account_id = s.account_id) n)
  SELECT l.*, ${BUYER} FROM found l`;
