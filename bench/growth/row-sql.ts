import { EXTERNAL_ID_TYPE } from '../../src/platform/http/identity.js';
import { EXPIRING_SHOWN } from '../../src/ledger/domain/ledger-state.js';
import type { HistoryPlan } from './history-plan.js';
import { instant, localDate } from './history-sql.js';
import { scattered, uuidSql } from './id-sql.js';

/** Where the rows of a table come from: its columns as SQL, out of the temporary tables of a chunk. */
export interface TableRows {
  readonly table: string;
  readonly values: Readonly<Record<string, string>>;
  /** SQL from `FROM` on. */
  readonly from: string;
}

/** What is read from a receipt that the engine wrote. */
export interface Template {
  readonly amountMinor: string;
  /** The types of its events, in their order. */
  readonly eventTypes: readonly string[];
  /** What rules with limits counted of it. */
  readonly counted: readonly { readonly ruleId: string; readonly points: string }[];
}

/**
 * The rows of every table in the order in which they are written, which within a chunk is the order of time: an
 * account's rows lie as far apart as they do where purchases of all members arrive mixed.
 *
 * Left out are the events of enrolments and of redemptions, claims of redemptions, and, but of recent receipts, the
 * events, the bodies and the counts by day; event numbers and what is counted agree with what is there. `verify` asks
 * for no more than that.
 */
export function tableRows(plan: HistoryPlan, template: Template | null): readonly TableRows[] {
  return [
    ...ownerRows(plan),
    accountRows(plan, template),
    ...ledgerRows(plan),
    claimRows(plan, template),
    ...(template ? bodyRows(plan, template) : []),
  ];
}

/** The programme of an account `a`. */
function programmeOf({ programme, others, firstMember }: HistoryPlan): string {
  if (others === null) return `'${programme}'`;
  return `CASE WHEN a.number + ${firstMember} < ${others.from} THEN '${programme}' ELSE '${others.programme}' END`;
}

function ownerRows(plan: HistoryPlan): readonly TableRows[] {
  const name = `'${plan.prefix}' || (a.number + ${plan.firstMember})`;
  const at = instant('a.millis');
  const owner = { member_id: 'a.member_id', programme_id: programmeOf(plan), account_id: 'a.account_id' };
  return [
    {
      table: 'members',
      values: {
        ...owner,
        home_account_id: 'a.account_id',
        external_id: name,
        status: `'active'`,
        enrolled_at: at,
        attributes: `'{}'`,
        created_at: at,
        updated_at: at,
      },
      from: 'FROM grow_accounts a ORDER BY a.number',
    },
    {
      table: 'member_identities',
      values: { ...owner, type: `'${EXTERNAL_ID_TYPE}'`, value: name },
      from: 'FROM grow_accounts a ORDER BY a.number',
    },
  ];
}

function accountRows(plan: HistoryPlan, template: Template | null): TableRows {
  const events = template ? template.eventTypes.length : 0;
  return {
    table: 'accounts',
    values: {
      account_id: 'a.account_id',
      programme_id: programmeOf(plan),
      head_member_id: 'a.member_id',
      event_seq: `coalesce(l.bodies, 0) * ${events}`,
      movement_seq: 'coalesce(l.movements, 0)',
      head_hash: `coalesce(m.hash, '\\x${'00'.repeat(32)}')`,
      last_recorded_at: 'm.recorded_at',
      ...UNSEALED_ACCOUNT,
      available: 'coalesce(l.available, 0)',
      lifetime_earned: 'coalesce(l.earned, 0)',
      lifetime_redeemed: 'coalesce(l.redeemed, 0)',
      announced_expiries: 'n.announced',
      expiring: 'e.expiring',
    },
    from: `FROM grow_accounts a
      LEFT JOIN (SELECT x.number, sum(x.points - x.used - x.expired) AS available, sum(x.points) AS earned,
          sum(x.used) AS redeemed, count(*) FILTER (WHERE x.has_body) AS bodies,
          sum(1 + (x.used > 0)::int + (x.expired > 0)::int) AS movements
        FROM grow_lots x GROUP BY x.number) l ON l.number = a.number
      LEFT JOIN (SELECT x.number, json_agg(DISTINCT (extract(epoch FROM g.expires_at) * 1000)::bigint) AS announced
        FROM grow_lots x JOIN grow_days g ON g.day = x.day
        WHERE g.is_near AND x.points > x.used + x.expired GROUP BY x.number) n ON n.number = a.number
      LEFT JOIN (SELECT y.number, json_agg(json_build_array((extract(epoch FROM y.expires_at) * 1000)::bigint, y.points)
          ORDER BY y.expires_at) AS expiring
        FROM (SELECT x.number, g.expires_at, sum(x.points - x.used - x.expired) AS points,
            row_number() OVER (PARTITION BY x.number ORDER BY g.expires_at) AS place
          FROM grow_lots x JOIN grow_days g ON g.day = x.day WHERE x.points > x.used + x.expired
          GROUP BY x.number, g.expires_at) y
        WHERE y.place <= ${EXPIRING_SHOWN} GROUP BY y.number) e ON e.number = a.number
      LEFT JOIN grow_movements m ON m.number = l.number AND m.sequence = l.movements
      ORDER BY a.number`,
  };
}

function ledgerRows(plan: HistoryPlan): readonly TableRows[] {
  const same = (alias: string, ...columns: readonly string[]): Record<string, string> =>
    Object.fromEntries(columns.map((column) => [column, `${alias}.${column}`]));
  return [
    {
      table: 'lots',
      values: {
        ...same(
          'l',
          'account_id',
          'member_id',
          'lot_id',
          'purchase_id',
          'points',
          'allocated',
          'earned_at',
          'expired',
        ),
        origin: `'purchase'`,
        lines: `json_build_array(json_build_array(1, l.points))`,
        available_at: 'l.earned_at',
        expires_at: 'g.expires_at',
        available: 'l.points - l.used - l.expired',
        redeemed: 'l.used',
        moved_at: `CASE WHEN l.expired > 0 THEN g.expires_at WHEN l.used > 0 THEN l.used_at ELSE l.earned_at END`,
        moved_on: `CASE WHEN l.expired > 0 THEN l.end_day WHEN l.used > 0 THEN ${localDate('l.used_at', plan)} ELSE l.day END`,
        posted_on: 'l.day',
        ...Object.fromEntries(OTHER_COUNTERS.map((counter) => [counter, '0'])),
      },
      from: 'FROM grow_lots l JOIN grow_days g ON g.day = l.day ORDER BY l.recorded_at',
    },
    {
      table: 'movements',
      values: {
        ...same(
          'm',
          ...[
            'account_id',
            'sequence',
            'lot_id',
            'member_id',
            'from_bucket',
            'to_bucket',
            'points',
            'liability',
          ],
          ...['event_code', 'cause_type', 'cause_id', 'occurred_at', 'recorded_at', 'posting_date', 'hash'],
        ),
        ...UNSEALED_MOVEMENT,
      },
      from: 'FROM grow_movements m ORDER BY m.recorded_at',
    },
    {
      table: 'redemptions',
      values: {
        ...same('l', 'account_id', 'member_id', 'redemption_id'),
        ...UNSEALED,
        status: `'captured'`,
        points: 'l.used',
        lots: `json_build_array(json_build_object('lotId', l.lot_text, 'points', l.used))`,
        stocked: 'false',
        discount_minor: 'l.used * 100',
        authorised_at: 'l.used_at',
      },
      from: 'FROM grow_lots l WHERE l.used > 0 ORDER BY l.used_at',
    },
  ];
}

/**
 * A grown history is one of before there were seals, which every database that was upgraded has: nothing of it is in
 * an account's sums, and the hash of a movement does not cover the lot's terms. The engine seals what it adds.
 */
const UNSEALED = { seal: 'NULL' };
const UNSEALED_MOVEMENT = { hash_version: '1', terms: 'NULL' };
const UNSEALED_ACCOUNT = { counted: 'NULL' };

const OTHER_COUNTERS = ['held', 'undelivered', 'pending', 'returned', 'settled', 'moved', 'cancelled'];

/** Receipts come from five hundred tills; the source keeps those of one plan apart from those of another. */
function sourceOf({ seed }: HistoryPlan): string {
  return `'g${seed.toString(16)}-till-' || (l.lot % 500)`;
}

const RECEIPT_NO = `'R' || lpad(l.lot::text, 12, '0')`;

/**
 * What a claim says is as long as in reality, but for the answer, which names the receipt alone. A claim must have its
 * record: where the receipt has no body, the claim is that of an idempotency key, which has none.
 */
function claimRows(plan: HistoryPlan, template: Template | null): TableRows {
  const hasBody = template ? 'l.has_body' : 'false';
  return {
    table: 'claims',
    values: {
      ...UNSEALED,
      programme_id: `'${plan.programme}'`,
      scope: `CASE WHEN ${hasBody} THEN 'receipt' ELSE 'idempotency-key' END`,
      key: `${sourceOf(plan)} || E'\\n' || ${RECEIPT_NO}`,
      fingerprint: 'uuid_send(l.purchase_id) || uuid_send(l.lot_id)',
      target_fingerprint: 'uuid_send(l.account_id) || uuid_send(l.member_id)',
      command_id: `'evt_' || substr(l.purchase_text, 5)`,
      account_id: 'l.account_id',
      status: '201',
      answer: `json_build_object('id', l.purchase_text)`,
      recorded_at: 'l.recorded_at',
    },
    from: 'FROM grow_lots l ORDER BY l.recorded_at',
  };
}

/** What is not named here is copied from the engine's receipt: lines, tenders, the trace of the rules, event data. */
function bodyRows(plan: HistoryPlan, { amountMinor, eventTypes, counted }: Template): readonly TableRows[] {
  const recent = 'FROM grow_lots l WHERE l.has_body';
  const owner = { account_id: 'l.account_id', member_id: 'l.member_id' };
  return [
    {
      table: 'purchases',
      values: {
        ...owner,
        ...UNSEALED,
        purchase_id: 'l.purchase_id',
        source: sourceOf(plan),
        receipt_no: RECEIPT_NO,
        occurred_at: 'l.earned_at',
        recorded_at: 'l.recorded_at',
        business_date: 'l.day',
        redemption_ids: `'[]'`,
        lot_ids: 'json_build_array(l.lot_id)',
        counted: 'true',
      },
      from: `${recent} ORDER BY l.recorded_at`,
    },
    {
      table: 'qualifying_days',
      values: {
        ...owner,
        day: 'l.day',
        spend_minor: `count(*) * ${amountMinor}`,
        points: 'sum(l.points)',
        visits: 'count(*)',
      },
      from: `${recent} GROUP BY l.account_id, l.member_id, l.day ORDER BY l.day`,
    },
    ...counted.map(({ ruleId, points }) => ({
      table: 'earning_days',
      values: {
        ...owner,
        rule_id: `'${ruleId}'`,
        day: 'l.day',
        points: `count(*) * ${points}`,
        times: 'count(*)',
      },
      from: `${recent} GROUP BY l.account_id, l.member_id, l.day ORDER BY l.day`,
    })),
    ...eventTypes.map((type, index) => ({
      table: 'events',
      values: {
        ...owner,
        ...UNSEALED,
        record: 'NULL',
        sequence: `${eventTypes.length} * row_number() OVER (PARTITION BY l.number ORDER BY l.recorded_at) - ${eventTypes.length - 1 - index}`,
        event_id: uuidSql(
          plan.kinds.event,
          '(extract(epoch FROM l.recorded_at) * 1000)::bigint',
          scattered(`${eventTypes.length} * l.lot + ${index}`),
        ),
        programme_id: `'${plan.programme}'`,
        type: `'${type}'`,
        occurred_at: 'l.earned_at',
        recorded_at: 'l.recorded_at',
      },
      from: `${recent} ORDER BY l.recorded_at`,
    })),
  ];
}
