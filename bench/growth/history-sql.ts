import type { HistoryPlan } from './history-plan.js';
import { idText, millisText, numberText, scattered, uuidSql } from './id-sql.js';

/**
 * A history in three steps, each a set-based statement into a temporary table of the connection: the accounts of a
 * chunk, their lots with all that becomes of them, and their movements with the hash chain. Everything follows from
 * the number of the account and of the lot, so chunks can be made in any order and by several connections.
 *
 * What would be worked out for every row by the calendar, by a formatter of dates or by a cut through an id is worked
 * out once for each day, second or lot: these functions, not the rows, are what a load spends its time on.
 */

const DAY_MS = 86_400_000;
const YEAR_MS = 365 * DAY_MS;
/** A member enrols in the year before the history begins, in the order of the numbers. */
const ENROLLING_MS = YEAR_MS;
/** What is over by now is used or expired; nothing is used in the last day. */
const SETTLED_MS = DAY_MS;
/** Nothing may fall due while a benchmark runs: what would end within two days ends three days later. */
const QUIET_DAYS = 2;
/** What ends within so many days was announced, as it is every night; a little more than the engine's default. */
const ANNOUNCED_DAYS = 33;
/** From the last instant of a lot until its expiry was written down. */
const EXPIRY_LAG = "interval '5 seconds'";

const ISO = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`;
/** The same up to the point. */
const ISO_SECOND = `'YYYY-MM-DD"T"HH24:MI:SS.'`;

/** Makes the tables and the aggregate; they go with the connection, whose time zone must be UTC. */
export function prepareSql(plan: HistoryPlan): readonly string[] {
  return [
    `CREATE TEMP TABLE grow_accounts (number bigint, millis bigint, first_lot bigint, lots bigint, member_id uuid,
      account_id uuid, member_text text, account_text text) ON COMMIT DELETE ROWS`,
    `CREATE TEMP TABLE grow_lots (number bigint, lot bigint, account_id uuid, member_id uuid, account_text text,
      member_text text, lot_id uuid, purchase_id uuid, redemption_id uuid, lot_text text, purchase_text text,
      redemption_text text, earned_at timestamptz, recorded_at timestamptz, used_at timestamptz, earned_text text,
      recorded_text text, used_text text, day date, end_day date, points bigint, allocated bigint, used bigint,
      used_liability bigint, expired bigint, has_body boolean) ON COMMIT DELETE ROWS`,
    `CREATE TEMP TABLE grow_movements (number bigint, sequence bigint, account_id uuid, member_id uuid, lot_id uuid,
      from_bucket text, to_bucket text, points bigint, liability bigint, event_code text, cause_type text,
      cause_id uuid, occurred_at timestamptz, recorded_at timestamptz, posting_date date, hash bytea)
      ON COMMIT DELETE ROWS`,
    daysSql(plan),
    'ANALYZE grow_days',
    // PL/pgSQL evaluates one expression faster here than a function in SQL, which an aggregate cannot inline.
    `CREATE FUNCTION pg_temp.grow_link(head bytea, content text) RETURNS bytea LANGUAGE plpgsql IMMUTABLE STRICT
      AS $$ BEGIN RETURN sha256(convert_to(encode(head, 'hex') || content, 'UTF8')); END $$`,
    `CREATE AGGREGATE pg_temp.grow_chain(text) (SFUNC = pg_temp.grow_link, STYPE = bytea,
      INITCOND = '\\x${'00'.repeat(32)}')`,
  ];
}

/**
 * What follows from the business day of a receipt: its lots are usable through the same day of the next year, in the
 * programme's zone, and the end is exclusive; in the books what ends with a day belongs to that day.
 */
function daysSql({ from, to, now, timeZone, lifecycle }: HistoryPlan): string {
  const local = (millis: number): string => localDate(instant(String(millis)), { timeZone });
  return `CREATE TEMP TABLE grow_days AS
    SELECT e.day, e.end_day, x.expires_at, to_char(x.expires_at, ${ISO}) AS expires_text,
      x.expires_at + ${EXPIRY_LAG} AS expired_at, to_char(x.expires_at + ${EXPIRY_LAG}, ${ISO}) AS expired_text,
      ${lifecycle.expired} AND x.expires_at <= ${instant(String(now))} AS is_over,
      x.expires_at > ${instant(String(now))} AND x.expires_at <= ${instant(String(now + ANNOUNCED_DAYS * DAY_MS))} AS is_near
    FROM (SELECT d::date AS day, (d + interval '12 months')::date AS last_day,
        (d + interval '12 months')::date + CASE WHEN (d + interval '12 months')::date - ${local(now)} BETWEEN 0 AND ${QUIET_DAYS - 1}
          THEN ${QUIET_DAYS + 1} ELSE 0 END AS end_day
      FROM generate_series(${local(from)} - 1, ${local(to)} + 1, interval '1 day') d) e
    CROSS JOIN LATERAL (SELECT (e.end_day + 1)::timestamp AT TIME ZONE '${timeZone}' AS expires_at) x`;
}

/** The day of an instant in the programme's zone. */
export function localDate(at: string, { timeZone }: Pick<HistoryPlan, 'timeZone'>): string {
  return `(${at} AT TIME ZONE '${timeZone}')::date`;
}

/** An instant out of milliseconds. */
export function instant(millis: string): string {
  return `to_timestamp((${millis})::float8 / 1000)`;
}

/** The accounts with the numbers from `$1` to below `$2`. */
export function accountsSql(plan: HistoryPlan): string {
  const { members, lots, kinds } = plan;
  const step = Math.max(1, Math.floor(ENROLLING_MS / members));
  return `INSERT INTO grow_accounts
    SELECT s.number, s.millis, s.first_lot, s.next_lot - s.first_lot,
      ${uuidSql(kinds.member, 's.millis', 's.scattered')}, ${uuidSql(kinds.account, 's.millis', 's.scattered')},
      ${idText('mbr', kinds.member, 'b.millis', 'b.number')}, ${idText('acc', kinds.account, 'b.millis', 'b.number')}
    FROM (SELECT i AS number, ${plan.from - ENROLLING_MS} + i * ${step} AS millis, i * ${lots} / ${members} AS first_lot,
        (i + 1) * ${lots} / ${members} AS next_lot, ${scattered('i')} AS scattered
      FROM generate_series($1::bigint, $2::bigint - 1) i OFFSET 0) s
    CROSS JOIN LATERAL (SELECT ${millisText('s.millis')} AS millis, ${numberText('s.scattered')} AS number OFFSET 0) b`;
}

/**
 * The lots of the accounts. An account's receipts lie in equal slots of time, at a random instant of each; together
 * they are evenly spread. A receipt is recorded within its second. The subqueries have `OFFSET 0` so that nothing in
 * them is worked out more than once.
 */
export function lotsSql(plan: HistoryPlan): string {
  const { kinds, lifecycle, now, from, to, seed, bodiesFrom } = plan;
  return `INSERT INTO grow_lots
    SELECT z.number, z.lot, z.account_id, z.member_id, z.account_text, z.member_text,
      ${uuidSql(kinds.lot, 'z.recorded', 'z.scattered')}, ${uuidSql(kinds.purchase, 'z.recorded', 'z.scattered')},
      CASE WHEN z.used > 0 THEN ${uuidSql(kinds.redemption, 'z.used_at', 'z.scattered')} END,
      ${idText('lot', kinds.lot, 'z.millis_text', 'z.number_text')},
      ${idText('pur', kinds.purchase, 'z.millis_text', 'z.number_text')},
      CASE WHEN z.used > 0 THEN ${idText('rdm', kinds.redemption, millisText('z.used_at'), 'z.number_text')} END,
      z.earned_at, ${instant('z.recorded')}, CASE WHEN z.used > 0 THEN ${instant('z.used_at')} END,
      z.second_text || z.earned_ms || 'Z', z.second_text || (z.recorded - z.second * 1000) || 'Z',
      CASE WHEN z.used > 0 THEN to_char(${instant('z.used_at')}, ${ISO}) END,
      g.day, g.end_day, z.points, z.allocated, z.used,
      -- Half up, as the carrying amount is rounded (docs/accounting.md#recognition).
      (2 * z.allocated * z.used + z.points) / (2 * z.points),
      CASE WHEN g.is_over THEN z.points - z.used ELSE 0 END, z.second * 1000 >= ${bodiesFrom}
    FROM (
      SELECT a.number, a.account_id, a.member_id, a.account_text, a.member_text, y.*,
        ${instant('y.second * 1000 + y.earned_ms')} AS earned_at, to_char(${instant('y.second * 1000')}, ${ISO_SECOND}) AS second_text,
        ${millisText('y.recorded')} AS millis_text, ${numberText('y.scattered')} AS number_text,
        CASE WHEN ((y.dice >> 24) & 1023) >= ${lifecycle.usedOf1024} OR y.used_at > ${now - SETTLED_MS} THEN 0
          WHEN ((y.dice >> 34) & 1023) < ${lifecycle.wholeOf1024} THEN y.points ELSE 1 + y.points / 3 END AS used
      FROM grow_accounts a
      CROSS JOIN LATERAL (SELECT x.*, ${scattered('x.lot')} AS scattered,
          x.second * 1000 + x.earned_ms + 5 + (x.dice & 63) AS recorded,
          x.points * 780000 + ((x.dice >> 20) & 65535) AS allocated,
          (x.second + (1 + ((x.dice >> 44) & 255)) * ${(DAY_MS * 1.25) / 1000}) * 1000 + ((x.dice >> 3) & 1048575) AS used_at
        FROM (SELECT h.*, (${from} + (h.lot - a.first_lot) * (${to - from} / a.lots)
              + (h.dice & 65535) * (${to - from} / a.lots) / 65536) / 1000 AS second,
            100 + ((h.dice >> 50) & 511) AS earned_ms, 20 + ((h.dice >> 16) & 255) AS points
          FROM (SELECT j AS lot, hashint8extended(j, ${seed}) AS dice
            FROM generate_series(a.first_lot, a.first_lot + a.lots - 1) j OFFSET 0) h OFFSET 0) x OFFSET 0) y
      OFFSET 0) z
    JOIN grow_days g ON g.day = ${localDate('z.earned_at', plan)}`;
}

/** The movements of the lots, numbered by the time they were recorded, each with its link of the account's chain. */
export function movementsSql(plan: HistoryPlan): string {
  return `INSERT INTO grow_movements
    SELECT c.number, c.sequence, c.account_id, c.member_id, c.lot_id, c.from_bucket, c.to_bucket, c.points, c.liability,
      c.event_code, c.cause_type, c.cause_id, c.occurred_at, c.recorded_at, c.posting_date,
      pg_temp.grow_chain(concat_ws('|', '', c.account_text, c.sequence, c.lot_text, c.member_text, c.from_bucket,
        c.to_bucket, c.points, c.liability, c.event_code, c.cause_type, c.cause_text, c.occurred_text, c.recorded_text,
        c.posting_date))
      OVER (PARTITION BY c.number ORDER BY c.recorded_at, c.lot, c.kind ROWS UNBOUNDED PRECEDING)
    FROM (
      SELECT m.*, row_number() OVER (PARTITION BY m.number ORDER BY m.recorded_at, m.lot, m.kind ROWS UNBOUNDED PRECEDING)
        AS sequence
      FROM (
        SELECT 1 AS kind, l.number, l.lot, l.account_id, l.member_id, l.lot_id, l.account_text, l.member_text, l.lot_text,
          'issued' AS from_bucket, 'available' AS to_bucket, l.points, l.allocated AS liability, 'E01' AS event_code,
          'purchase' AS cause_type, l.purchase_id AS cause_id, l.purchase_text AS cause_text, l.earned_at AS occurred_at,
          l.earned_text AS occurred_text, l.recorded_at, l.recorded_text, l.day AS posting_date
        FROM grow_lots l
        UNION ALL
        SELECT 2, l.number, l.lot, l.account_id, l.member_id, l.lot_id, l.account_text, l.member_text, l.lot_text,
          'available', 'redeemed', l.used, 0 - l.used_liability, 'E06', 'redemption', l.redemption_id, l.redemption_text,
          l.used_at, l.used_text, l.used_at, l.used_text, ${localDate('l.used_at', plan)}
        FROM grow_lots l WHERE l.used > 0
        UNION ALL
        SELECT 3, l.number, l.lot, l.account_id, l.member_id, l.lot_id, l.account_text, l.member_text, l.lot_text,
          'available', 'expired', l.expired, l.used_liability - l.allocated, 'E15', 'expiry', l.lot_id, l.lot_text,
          g.expires_at, g.expires_text, g.expired_at, g.expired_text, g.end_day
        FROM grow_lots l JOIN grow_days g ON g.day = l.day WHERE l.expired > 0) m) c`;
}
