import { EXPIRING_SHOWN } from './domain/ledger-state.js';

/** The next expiries of an account's available points, for the pipeline's load. */
export const EXPIRING_JOIN = `LEFT JOIN LATERAL (
    SELECT json_agg(json_build_array((extract(epoch FROM e.expires_at) * 1000)::bigint, e.points)) AS expiring
    FROM (SELECT o.expires_at, sum(o.available) AS points FROM lots o
      WHERE o.account_id = t.account_id AND o.available + o.held > 0 AND o.available > 0 AND o.expires_at IS NOT NULL
      GROUP BY o.expires_at ORDER BY o.expires_at LIMIT ${EXPIRING_SHOWN}) e) le ON true`;

/** Every lot with points left, for decisions that spend. */
export const OPEN_LOTS = `SELECT l.* FROM unnest($1::uuid[]) AS u(account_id)
  JOIN lots l ON l.account_id = u.account_id AND l.available + l.held > 0`;
