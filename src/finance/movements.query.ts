/** Buckets whose points are still owed to the member. */
const LIVE = `('available', 'held', 'pending')`;

/**
 * Which movements `m` count (`momentValues`): `$2` is a posting date or null, `$3` an instant or null, `$4` when
 * they were known, or null.
 */
export const AS_OF = `($2::date IS NULL OR m.posting_date <= $2) AND ($3::timestamptz IS NULL OR m.occurred_at <= $3)
    AND ($4::timestamptz IS NULL OR m.recorded_at <= $4)`;

/** By how much a movement `m` changes the points outstanding: holding points and giving them back changes nothing. */
export const POINTS_CHANGE = `m.points * ((m.to_bucket IN ${LIVE})::int - (m.from_bucket IN ${LIVE})::int)`;

/** Points of a lot that its movements `m` leave owed. */
export const POINTS_LIVE = `coalesce(sum(${POINTS_CHANGE}), 0)`;

/**
 * `carryingAmount` of the ledger for a lot `l` and its live points, in exact numeric arithmetic:
 * A - HU(A * q / P) with q = P - live, where HU(n / d) = (2n + d) div 2d.
 */
export const carryingAmountSql = (live: string): string =>
  `(l.allocated - div(2 * l.allocated::numeric * (l.points - ${live}) + l.points, 2 * l.points::numeric))`;
