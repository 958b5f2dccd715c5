import { formatSubLedger } from '../kernel/money.js';
import { valuationView } from '../ledger/index.js';
import { formatInstant } from '../kernel/time.js';
import { ControlledRows, trailer } from './control-totals.js';
import { BYTE_ORDER_MARK, csvRows, type Cell } from './csv.js';
import { OUT_BUCKETS, type ListedLot, type LotTotals } from './lot-listing.query.js';

const COLUMNS = [
  'lot_id',
  'member_id',
  'purchase_id',
  'origin',
  'earned_on',
  'points',
  'outstanding',
  ...OUT_BUCKETS,
  'allocated',
  'liability',
  'currency',
  'expires_at',
  'cohort',
  'parent_lot_id',
  'policy_version',
  'method',
  'value_per_point',
  'redemption_probability',
  'tax_rate',
  'transaction_price',
  'goods_ssp',
  'points_valued',
  'unallocated',
  'opening_source',
  'opening_external_id',
] as const;

/** A lot as JSON: money in major units with the digits of the sub-ledger. */
export function lotView(lot: ListedLot, currency: string) {
  return {
    ...lot,
    allocated: formatSubLedger(lot.allocated, currency),
    liability: formatSubLedger(lot.liability, currency),
    expiresAt: lot.expiresAt === null ? null : formatInstant(lot.expiresAt),
    valuation: valuationView(lot.valuation),
  };
}

export function lotTotalsView(totals: LotTotals, currency: string) {
  return {
    lots: totals.lots,
    points: Number(totals.points),
    outstanding: Number(totals.outstanding),
    ...Object.fromEntries(OUT_BUCKETS.map((bucket) => [bucket, Number(totals[bucket])])),
    allocated: formatSubLedger(totals.allocated, currency),
    liability: formatSubLedger(totals.liability, currency),
  };
}

/**
 * The whole listing as CSV text, batch by batch, with control totals as its last line. Points and allocated
 * amounts of lots with a parent are in their parents', and not added again.
 */
export async function* lotsCsv(
  batches: AsyncIterable<readonly ListedLot[]>,
  currency: string,
): AsyncGenerator<string> {
  const rows = new ControlledRows();
  const sum = { points: 0n, outstanding: 0n, allocated: 0n, liability: 0n };
  yield BYTE_ORDER_MARK + csvRows([COLUMNS]);
  for await (const lots of batches) {
    for (const lot of lots) {
      if (lot.parentLotId === null) {
        sum.points += BigInt(lot.points);
        sum.allocated += lot.allocated;
      }
      sum.outstanding += BigInt(lot.outstanding);
      sum.liability += lot.liability;
    }
    yield rows.write(lots.map((lot) => cells(lot, currency)));
  }
  yield trailer({
    rows: rows.rows,
    points: sum.points,
    outstanding: sum.outstanding,
    allocated: formatSubLedger(sum.allocated, currency),
    liability: formatSubLedger(sum.liability, currency),
    sha256: rows.sha256(),
  });
}

function cells(listed: ListedLot, currency: string): Cell[] {
  const lot = lotView(listed, currency);
  return [
    lot.lotId,
    lot.memberId,
    lot.purchaseId,
    lot.origin,
    lot.earnedOn,
    lot.points,
    lot.outstanding,
    ...OUT_BUCKETS.map((bucket) => lot[bucket]),
    lot.allocated,
    lot.liability,
    currency,
    lot.expiresAt,
    lot.cohort,
    lot.parentLotId,
    lot.valuation?.policyVersion ?? null,
    lot.valuation?.method ?? null,
    lot.valuation?.valuePerPoint ?? null,
    lot.valuation?.redemptionProbability ?? null,
    lot.valuation?.taxRate ?? null,
    lot.valuation?.transactionPrice ?? null,
    lot.valuation?.goodsSsp ?? null,
    lot.valuation?.pointsValued ?? null,
    lot.valuation?.unallocated ?? null,
    lot.valuation?.opening?.source ?? null,
    lot.valuation?.opening?.externalId ?? null,
  ];
}
