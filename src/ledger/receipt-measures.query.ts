import type { StatusAward } from '../kernel/domain-events.js';
import { idToUuid, type LotId } from '../kernel/ids.js';
import type { LocalDate } from '../kernel/time.js';
import type { Row } from '../platform/database/row.js';

/**
 * What members' receipts count for towards their tiers, derived from the receipts, their returns, undos, and pending points
 * that were cancelled; a row for each member with any receipt.
 *
 * Receipts from before the column tell by the trace of their rules whether they counted.
 * @param buyers SQL of `member_id, buyer`: receipts of the buyer are the member's.
 * @param counts SQL condition under which something `x` with `occurred_at` and `recorded_at` had happened and was
 * known.
 * @param receipts SQL condition of the receipts `b` in question.
 */
export function receiptMeasures(buyers: string, counts: (x: string) => string, receipts = 'true'): string {
  return `SELECT r.member_id, json_agg(json_build_array(r.day, r.amount_minor, r.lots, (
      SELECT json_agg(json_build_array(t.lines, t.grants, t.status_awards)) FROM (
        SELECT b.lines, b.grants, b.status_awards, b.occurred_at, b.recorded_at FROM returns b WHERE b.purchase_id = r.purchase_id
        -- An undo takes points back and no goods.
        UNION ALL SELECT '[]', u.grants, NULL, u.recorded_at, u.recorded_at FROM undone_grants u
          WHERE u.purchase_id = r.purchase_id) t
      WHERE ${counts('t')}), r.status_awards)) AS receipts
    FROM (SELECT w.member_id, b.purchase_id, b.business_date::text AS day, b.amount_minor, b.status_awards, (
        SELECT json_agg(json_build_array(l.lot_id, l.points, CASE WHEN l.cancelled > 0 OR l.moved > 0 THEN (
            SELECT sum(m.points) FROM (
                SELECT l.account_id, l.lot_id
                UNION ALL
                -- Continued elsewhere, it is cancelled there, and still counts no more for the buyer.
                SELECT x.account_id, x.lot_id FROM lots x WHERE l.moved > 0 AND x.root_lot_id = l.lot_id) AS part
              -- By the lot, also where the planner knows of few that were cancelled and would read all of these.
              CROSS JOIN LATERAL (SELECT m.points FROM movements m
                WHERE m.account_id = part.account_id AND m.lot_id = part.lot_id AND m.to_bucket = 'cancelled'
                  AND m.from_bucket IN ('pending', 'undelivered') AND ${counts('m')} OFFSET 0) AS m) END,
            l.origin IN ('purchase', 'purchase_conditional'), l.rule_id))
        FROM json_array_elements_text(b.lot_ids) AS g(lot_id)
        -- One look at the primary key for each; a join would read all lots of an account for each of its receipts.
        CROSS JOIN LATERAL (SELECT o.* FROM lots o
          WHERE o.account_id = b.account_id AND o.lot_id = g.lot_id::uuid OFFSET 0) l
        WHERE l.origin IN ('purchase', 'purchase_conditional') OR b.status_awards IS NOT NULL) AS lots
      FROM (${buyers}) w JOIN purchases b ON b.member_id = w.buyer
      WHERE coalesce(b.counted, NOT b.explanation::jsonb @> '[{"why": "memberNotActive"}]')
        AND ${counts('b')} AND ${receipts}) r
    GROUP BY r.member_id`;
}

/** What counts of one business day. */
export interface ReceiptMeasure {
  readonly spendMinor: number;
  /** Purchase points. */
  readonly points: number;
  /** Status points. */
  readonly status: number;
  /** Receipts of which goods are left. */
  readonly visits: number;
  /** Receipts whose money is back: with their last goods they are no visit, without them they are. */
  readonly doubtful: number;
}

type ReceiptLot = readonly [
  lotUuid: string,
  points: number,
  cancelled: number | null,
  isOfSale: boolean,
  ruleId: string | null,
];
type ReceiptReturn = readonly [
  lines: readonly { readonly amountMinor: number }[],
  grants: readonly {
    readonly lotId: LotId;
    readonly points: number;
    readonly gone?: number;
    readonly notTaken: number;
  }[],
  status: readonly { readonly taken: number }[] | null,
];
type Receipt = readonly [
  day: LocalDate,
  amountMinor: number,
  lots: readonly ReceiptLot[] | null,
  returns: readonly ReceiptReturn[] | null,
  status: readonly StatusAward[] | null,
];

const NOTHING: ReceiptMeasure = { spendMinor: 0, points: 0, status: 0, visits: 0, doubtful: 0 };

/** Reads a row that `receiptMeasures` selected, by the day of the receipts. */
export function readMeasures(row: Row | undefined): ReadonlyMap<LocalDate, ReceiptMeasure> {
  const days = new Map<LocalDate, ReceiptMeasure>();
  for (const [day, amountMinor, lots, returns, status] of (row?.['receipts'] ?? []) as Receipt[]) {
    const before = days.get(day) ?? NOTHING;
    const ofSale = (lots ?? []).filter(([, , , isOfSale]) => isOfSale);
    const back = (returns ?? []).map((returned) => amountsOf(returned, ofSale));
    const earned = sum(ofSale, ([, points, cancelled]) => points - (cancelled ?? 0));
    const left = amountMinor - sum(back, ({ spendMinor }) => spendMinor);
    const isDoubtful = (returns ?? []).some(([lines]) => lines.length > 0) && left === 0;
    days.set(day, {
      spendMinor: before.spendMinor + left,
      visits: before.visits + (isDoubtful ? 0 : 1),
      doubtful: before.doubtful + (isDoubtful ? 1 : 0),
      points: before.points + earned - sum(back, ({ points }) => points),
      status: before.status + statusOf(status ?? [], lots ?? []) - sum(back, (each) => each.status),
    });
  }
  return days;
}

/** Status points that a receipt gave; those that came with points are cancelled with them. */
function statusOf(awards: readonly StatusAward[], lots: readonly ReceiptLot[]): number {
  return sum(awards, ({ rule, points, withPoints }) => {
    const own = withPoints ? lots.filter(([, , , , ruleId]) => ruleId === rule.id) : [];
    return points - sum(own, ([, , cancelled]) => cancelled ?? 0);
  });
}

/** What a return takes off. Of a lot that was cancelled while it waited, what is gone counted no more before. */
function amountsOf([lines, grants, status]: ReceiptReturn, lots: readonly ReceiptLot[]) {
  const counting = new Map(lots.map(([lotUuid, , cancelled]) => [lotUuid, (cancelled ?? 0) > 0]));
  return {
    spendMinor: sum(lines, ({ amountMinor }) => amountMinor),
    points: sum(grants, ({ lotId, points, gone = 0, notTaken }) => {
      const wasCancelled = counting.get(idToUuid(lotId));
      return wasCancelled === undefined ? 0 : points - notTaken - (wasCancelled ? gone : 0);
    }),
    status: sum(status ?? [], ({ taken }) => taken),
  };
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
