import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { LotOrigin, Valuation } from '../kernel/domain-events.js';
import {
  idToUuid,
  uuidToId,
  type LotId,
  type MemberId,
  type ProgrammeId,
  type PurchaseId,
} from '../kernel/ids.js';
import type { SubLedgerAmount } from '../kernel/money.js';
import { localDate, type Instant, type LocalDate } from '../kernel/time.js';
import { carryingAmount, lotExpiresAt, lotPosition } from '../ledger/index.js';
import { Snapshot } from '../platform/database/snapshot.js';
import type { Row } from '../platform/database/row.js';
import { DATA_SOURCE } from '../platform/tokens.js';
import { endOf, momentValues, type Moment } from './as-of.js';
import { AS_OF, carryingAmountSql } from './movements.query.js';

/** Rows fetched at once while streaming. */
const BATCH = 1000;

/** Where the points of a lot are that are owed no longer, or not yet. */
export const OUT_BUCKETS = [
  'undelivered',
  'redeemed',
  'expired',
  'returned',
  'settled',
  'moved',
  'cancelled',
] as const;
export type OutBucket = (typeof OUT_BUCKETS)[number];

const LIVE = 'c.pending + c.available + c.held';
const outBuckets = OUT_BUCKETS.map((bucket) => `c.${bucket}`).join(', ');

/** The sliding end of an account `a` at the moment; `$5` is the first instant that no longer counts. */
const SLIDING = `(SELECT max(s.expires_at) FROM sliding_expiries s WHERE s.account_id = l.account_id
    AND s.occurred_at < $5 AND ($4::timestamptz IS NULL OR s.recorded_at <= $4))`;

const FIELDS = `l.lot_id, l.parent_lot_id, l.member_id, l.purchase_id, l.origin, l.points, l.allocated, l.valuation,
  l.earned_at, ${LIVE} AS live, ${outBuckets}, ${lotExpiresAt(SLIDING)} AS expires_at`;

/**
 * Positions are worked out for the page's lots alone. A lot is there from the movement on that issued it, known by
 * then: earlier than its own earning it cannot be, which is what the page is cut by before that is looked at.
 */
const PAGE = `WITH page AS MATERIALIZED (
    SELECT l.* FROM lots l JOIN accounts a ON a.account_id = l.account_id
    WHERE a.programme_id = $1 AND l.earned_at < $5 AND ($6::uuid IS NULL OR l.lot_id > $6)
    ORDER BY l.lot_id LIMIT $7)
  SELECT coalesce(c.movements, 0) > 0 AS there, ${FIELDS} FROM page l
  LEFT JOIN (SELECT m.account_id, m.lot_id, ${lotPosition(AS_OF)}
    FROM movements m JOIN page p ON p.account_id = m.account_id AND p.lot_id = m.lot_id
    GROUP BY m.account_id, m.lot_id) c
    ON c.account_id = l.account_id AND c.lot_id = l.lot_id
  ORDER BY l.lot_id`;

const PROGRAMME = `FROM lots l JOIN (SELECT m.account_id, m.lot_id, ${lotPosition(AS_OF)}
    FROM movements m JOIN accounts b ON b.account_id = m.account_id
    WHERE b.programme_id = $1 GROUP BY m.account_id, m.lot_id) c
    ON c.account_id = l.account_id AND c.lot_id = l.lot_id AND c.movements > 0`;

const ALL = `SELECT ${FIELDS} ${PROGRAMME} ORDER BY l.lot_id`;

/** What continues another account's lot is granted once: with the first lot of its line. */
const TOTALS = `SELECT count(*) AS lots,
    coalesce(sum(l.points) FILTER (WHERE l.parent_lot_id IS NULL), 0) AS points,
    coalesce(sum(l.allocated) FILTER (WHERE l.parent_lot_id IS NULL), 0) AS allocated,
    coalesce(sum(${LIVE}), 0) AS outstanding,
    ${OUT_BUCKETS.map((bucket) => `coalesce(sum(c.${bucket}), 0) AS ${bucket}`).join(', ')},
    coalesce(sum(${carryingAmountSql(`(${LIVE})`)}), 0) AS liability
  ${PROGRAMME}`;

/** A lot as it stood at a moment. */
export interface ListedLot extends Readonly<Record<OutBucket, number>> {
  readonly lotId: LotId;
  /** The lot of another account that it continues. */
  readonly parentLotId: LotId | null;
  /** The pseudonym: an id that says nothing about the person. */
  readonly memberId: MemberId;
  readonly purchaseId: PurchaseId | null;
  readonly origin: LotOrigin;
  readonly earnedOn: LocalDate;
  readonly points: number;
  /** Points owed: pending, available or held. */
  readonly outstanding: number;
  readonly allocated: SubLedgerAmount;
  readonly liability: SubLedgerAmount;
  /** Exclusive end; null never expires. */
  readonly expiresAt: Instant | null;
  /** Month of issue, YYYY-MM. */
  readonly cohort: string | null;
  readonly valuation: Valuation | null;
}

/**
 * Sums over a listing. `points` and `allocated` are those of lots that continue no other, so that what was
 * transferred counts once: points = outstanding and every out-bucket but `moved`, together.
 */
export interface LotTotals extends Readonly<Record<OutBucket, bigint>> {
  readonly lots: number;
  readonly points: bigint;
  readonly outstanding: bigint;
  readonly allocated: SubLedgerAmount;
  readonly liability: SubLedgerAmount;
}

/** The programme, the moment, and the zone in which instants become days. */
export interface LotListing extends Moment {
  readonly programmeId: ProgrammeId;
  readonly timeZone: string;
}

/** The lot listing at a cut-off (docs/accounting.md#exports), ordered by lot id. */
@Injectable()
export class LotListingQuery {
  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  /** At most `limit` lots after `cursor`. */
  async page(listing: LotListing, cursor: LotId | null, limit: number): Promise<readonly ListedLot[]> {
    const lots: ListedLot[] = [];
    let after = cursor === null ? null : idToUuid(cursor);
    for (;;) {
      const missing = limit - lots.length;
      const rows = await this.dataSource.query<Row[]>(PAGE, [...valuesOf(listing), after, missing]);
      for (const row of rows) if (row['there'] === true) lots.push(listedLot(row, listing.timeZone));
      if (rows.length < missing || lots.length === limit) return lots;
      after = rows.at(-1)?.['lot_id'] as string;
    }
  }

  async totals(listing: LotListing): Promise<LotTotals> {
    const values = [idToUuid(listing.programmeId), ...momentValues(listing)];
    const [row = {}] = await this.dataSource.query<Row[]>(TOTALS, values);
    const sum = (name: string): bigint => BigInt(row[name] as string);
    const out = Object.fromEntries(OUT_BUCKETS.map((bucket) => [bucket, sum(bucket)])) as Record<
      OutBucket,
      bigint
    >;
    return {
      lots: Number(row['lots']),
      points: sum('points'),
      outstanding: sum('outstanding'),
      ...out,
      allocated: sum('allocated'),
      liability: sum('liability'),
    };
  }

  /** Every lot, in batches, as of one snapshot of the database. */
  async *stream(listing: LotListing): AsyncGenerator<readonly ListedLot[]> {
    const snapshot = await Snapshot.open(this.dataSource);
    try {
      for await (const rows of snapshot.batches(ALL, valuesOf(listing), BATCH)) {
        yield rows.map((row) => listedLot(row, listing.timeZone));
      }
    } finally {
      await snapshot.close();
    }
  }
}

function valuesOf({ programmeId, timeZone, ...moment }: LotListing): unknown[] {
  return [idToUuid(programmeId), ...momentValues(moment), new Date(endOf(moment.asOf, timeZone))];
}

function listedLot(row: Row, timeZone: string): ListedLot {
  const points = Number(row['points']);
  const outstanding = Number(row['live']);
  const allocated = BigInt(row['allocated'] as string);
  const purchaseId = row['purchase_id'] as string | null;
  const parentLotId = row['parent_lot_id'] as string | null;
  const valuation = row['valuation'] as Valuation | null;
  const earnedOn = localDate((row['earned_at'] as Date).getTime(), timeZone);
  const out = Object.fromEntries(OUT_BUCKETS.map((bucket) => [bucket, Number(row[bucket])])) as Record<
    OutBucket,
    number
  >;
  return {
    lotId: uuidToId('lot', row['lot_id'] as string),
    parentLotId: parentLotId === null ? null : uuidToId('lot', parentLotId),
    memberId: uuidToId('mbr', row['member_id'] as string),
    purchaseId: purchaseId === null ? null : uuidToId('pur', purchaseId),
    origin: row['origin'] as LotOrigin,
    earnedOn,
    points,
    outstanding,
    ...out,
    allocated,
    liability: carryingAmount({ allocated, points }, points - outstanding),
    expiresAt: (row['expires_at'] as Date | null)?.getTime() ?? null,
    cohort: valuation?.unallocated === 'debt' ? null : earnedOn.slice(0, 7),
    valuation,
  };
}
