import type { Row } from '../platform/pipeline/slice.js';
import { EXPIRING_SHOWN, firstExpiring, type LedgerState } from './domain/ledger-state.js';

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

/** Available points that slide, of an account `a` that has any; asked of others it costs nothing. */
export const SLIDING_AVAILABLE = `CASE WHEN a.sliding_expires_at IS NOT NULL THEN
    (SELECT sum(o.available) FROM lots o WHERE o.account_id = a.account_id AND o.slides AND ${open('o')})
  END AS sliding_available`;

/** An account `a` with its coming expiries. */
export const ACCOUNT_WITH_EXPIRING = `SELECT a.*, ${SLIDING_AVAILABLE}
  FROM accounts a WHERE a.account_id = $1 AND a.programme_id = $2`;

/** Reads the coming expiries of an account's row. */
export function readExpiring(
  row: Row,
): Pick<LedgerState, 'fixedExpiring' | 'expiringUntil' | 'slidingExpiresAt' | 'slidingAvailable'> {
  const expiring = (row['expiring'] ?? []) as [number, number][];
  const known = expiring.map(([expiresAt, points]) => ({ expiresAt, points }));
  const { fixedExpiring, expiringUntil } = firstExpiring(known);
  return {
    fixedExpiring,
    expiringUntil,
    slidingExpiresAt: (row['sliding_expires_at'] as Date | null)?.getTime() ?? null,
    slidingAvailable: Number(row['sliding_available'] ?? 0),
  };
}

/**
 * Of a lot `l` that waits and continues another, or waits in a household: who bought what it came with, and that one's
 * own account. Other lots are their account's member's, and nothing is asked for them.
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

/** The first available lots of each account in spending order, and the lots that commands name, see `AccountSlice`. */
export const FRONT_LOTS_AND_SUBJECTS = `SELECT f.*, true AS in_front
    FROM unnest($1::uuid[], $4::int[]) AS u(account_id, first)
    CROSS JOIN LATERAL (SELECT l.*, ${BUYER} FROM lots l
      WHERE l.account_id = u.account_id AND ${open('l')} AND l.available > 0
      ORDER BY l.expires_at, l.earned_at, l.lot_id LIMIT u.first) f
  UNION ALL
  SELECT n.*, false FROM unnest($2::uuid[], $3::uuid[]) AS s(lot_id, account_id)
    CROSS JOIN LATERAL (
      SELECT l.*, ${BUYER} FROM lots l WHERE l.account_id = s.account_id AND l.lot_id = s.lot_id
      UNION ALL
      SELECT l.*, ${BUYER} FROM lots l WHERE l.root_lot_id = s.lot_id AND l.account_id = s.account_id) n`;
