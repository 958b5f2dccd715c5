import { LOT_BUCKETS } from './domain/lot.js';

const inBucket = (bucket: string, counts: string): string =>
  `coalesce(sum(m.points * ((m.to_bucket = '${bucket}')::int - (m.from_bucket = '${bucket}')::int))
    FILTER (WHERE ${counts}), 0) AS ${bucket}`;

/**
 * What the movements `m` of one lot add up to at a cut-off: its ten counters, and what its terms then followed from.
 * Group by the lot, over all of its movements.
 * @param counts the condition under which a movement had happened and was known.
 */
export const lotPosition = (
  counts: string,
): string => `${LOT_BUCKETS.map((bucket) => inBucket(bucket, counts)).join(',\n    ')},
    count(*) FILTER (WHERE ${counts}) AS movements,
    (array_agg(m.sets_expiry_at ORDER BY m.sequence DESC)
      FILTER (WHERE m.sets_expiry_at IS NOT NULL AND ${counts}))[1] AS set_expiry_at,
    bool_or(m.sets_expiry_at IS NOT NULL) AS ever_set,
    coalesce(bool_or(m.from_bucket IN ('undelivered', 'pending') AND m.to_bucket IN ('pending', 'available')
      AND m.from_bucket <> m.to_bucket) FILTER (WHERE ${counts}), false) AS came,
    coalesce(bool_or(m.from_bucket IN ('undelivered', 'pending') AND m.to_bucket = 'available')
      FILTER (WHERE ${counts}), false) AS usable`;

/**
 * When a lot `l` expired as far as its position `c` says: the last date that was set, else the one it was granted
 * with. A sliding lot has its account's.
 * @param slidingExpiresAt SQL for the account's date at the cut-off.
 */
export const lotExpiresAt = (slidingExpiresAt: string): string => `CASE WHEN l.slides THEN ${slidingExpiresAt}
    WHEN c.set_expiry_at IS NOT NULL THEN c.set_expiry_at
    WHEN c.ever_set THEN l.first_expires_at ELSE l.expires_at END`;

/** What a lot `l` waited for by its position `c`, and from when on it was to be usable. */
export const LOT_WAITING = `CASE WHEN NOT c.came THEN l.first_awaits ELSE l.awaits END AS awaits,
    CASE WHEN NOT c.came AND l.first_awaits IS NOT NULL
      THEN to_timestamp((l.first_awaits->>'availableAt')::numeric / 1000)
      WHEN NOT c.usable THEN coalesce(l.planned_at, l.available_at) ELSE l.available_at END AS available_at`;
