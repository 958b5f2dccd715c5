/** The three clocks of a movement, by the names of the query parameter. */
const CLOCKS = [
  ['occurredAt', 'occurred_at'],
  ['recordedAt', 'recorded_at'],
  ['postingDate', 'posting_date'],
] as const;

const goesBack = (column: string): string => `m.${column} < lag(m.${column}) OVER w`;

/** The running figures by one clock; what is of one instant counts together. */
const running = ([clock, column]: (typeof CLOCKS)[number]): string => `
    SELECT s.account_id, s.lot_id, s.bucket, '${clock}' AS clock, s.${column}::text AS at,
      sum(s.amount) OVER (PARTITION BY s.account_id, s.lot_id, s.bucket ORDER BY s.${column}) AS figure
    FROM steps s`;

/**
 * Every bucket, carrying amount (`liability`) and debt that is negative as of any instant or posting date, by each
 * clock: where it first is, and how far it goes. Where the movements of a lot go forward by all three clocks, every
 * figure is one that the lot really had; so only lots are added up in which one goes back, and each of them once.
 * @param scope condition on movements `m`: whose.
 */
export const negativeFigures = (scope: string): string => `WITH back AS (
    SELECT DISTINCT o.account_id, o.lot_id
    FROM (SELECT m.account_id, m.lot_id, ${CLOCKS.map(([, column]) => goesBack(column)).join(' OR ')} AS back
      FROM movements m WHERE ${scope} AND m.lot_id IS NOT NULL
      WINDOW w AS (PARTITION BY m.account_id, m.lot_id ORDER BY m.sequence)) o
    WHERE o.back),
  steps AS MATERIALIZED (
    SELECT m.account_id, m.lot_id, x.bucket, x.amount, m.occurred_at, m.recorded_at, m.posting_date
    FROM back b JOIN movements m ON m.account_id = b.account_id AND m.lot_id = b.lot_id
    CROSS JOIN LATERAL (VALUES (m.from_bucket, -m.points::numeric), (m.to_bucket, m.points::numeric),
      ('liability', m.liability::numeric)) AS x(bucket, amount)
    WHERE x.bucket <> 'issued'
    UNION ALL
    SELECT m.account_id, NULL, 'debt', CASE WHEN m.to_bucket = 'debt' OR m.from_bucket = 'settled'
      THEN m.points ELSE -m.points END, m.occurred_at, m.recorded_at, m.posting_date
    FROM movements m
    WHERE ${scope} AND (m.from_bucket IN ('debt', 'settled') OR m.to_bucket IN ('debt', 'settled'))),
  figures AS (${CLOCKS.map(running).join(' UNION ALL')})
  SELECT f.account_id, f.lot_id, f.clock, f.bucket, min(f.at) AS at, min(f.figure) AS figure
  FROM figures f WHERE f.figure < 0
  GROUP BY f.account_id, f.lot_id, f.clock, f.bucket`;
