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
import { carryingAmount } from '../ledger/index.js';
import { Snapshot } from '../platform/database/snapshot.js';
import type { Row } from '../platform/pipeline/slice.js';
import { DATA_SOURCE } from '../platform/tokens.js';
import { asOfValues, endOf, type AsOf } from './as-of.js';
import { AS_OF, carryingAmountSql, POINTS_LIVE } from './movements.query.js';

/** Rows fetched at once while streaming. */
const BATCH = 1000;

const POSITION = `SELECT m.account_id, m.lot_id, ${POINTS_LIVE} AS live,
    coalesce(sum(CASE WHEN m.to_bucket = 'redeemed' THEN m.points
      WHEN m.from_bucket = 'redeemed' THEN -m.points END), 0) AS redeemed,
    coalesce(sum(CASE WHEN m.to_bucket = 'expired' THEN m.points
      WHEN m.from_bucket = 'expired' THEN -m.points END), 0) AS expired
  FROM movements m`;

/** A lot is there from the instant at which it was earned; `$4` is the first instant that no longer counts. */
const LOTS = `FROM lots l JOIN accounts a ON a.account_id = l.account_id
  WHERE a.programme_id = $1 AND l.earned_at < $4`;

const FIELDS = `l.lot_id, l.member_id, l.purchase_id, l.origin, l.points, l.allocated, l.valuation, l.earned_at, l.expires_at,
  coalesce(c.live, 0) AS live, coalesce(c.redeemed, 0) AS redeemed, coalesce(c.expired, 0) AS expired`;

/** Positions are worked out for the page's accounts alone. */
const PAGE = `WITH page AS MATERIALIZED (
    SELECT l.* ${LOTS} AND ($5::uuid IS NULL OR l.lot_id > $5) ORDER BY l.lot_id LIMIT $6)
  SELECT ${FIELDS} FROM page l
  LEFT JOIN (${POSITION}
    WHERE m.account_id IN (SELECT p.account_id FROM page p) AND ${AS_OF} GROUP BY m.account_id, m.lot_id) c
    ON c.account_id = l.account_id AND c.lot_id = l.lot_id
  ORDER BY l.lot_id`;

const PROGRAMME_POSITIONS = `(${POSITION} JOIN accounts b ON b.account_id = m.account_id
  WHERE b.programme_id = $1 AND ${AS_OF} GROUP BY m.account_id, m.lot_id)`;

const ALL = `SELECT ${FIELDS}
  FROM lots l JOIN accounts a ON a.account_id = l.account_id
  LEFT JOIN ${PROGRAMME_POSITIONS} c ON c.account_id = l.account_id AND c.lot_id = l.lot_id
  WHERE a.programme_id = $1 AND l.earned_at < $4
  ORDER BY l.lot_id`;

const TOTALS = `SELECT count(*) AS lots, coalesce(sum(l.points), 0) AS points,
    coalesce(sum(c.live), 0) AS outstanding,
    coalesce(sum(l.allocated), 0) AS allocated,
    coalesce(sum(${carryingAmountSql('coalesce(c.live, 0)')}), 0) AS liability
  FROM lots l JOIN accounts a ON a.account_id = l.account_id
  LEFT JOIN ${PROGRAMME_POSITIONS} c ON c.account_id = l.account_id AND c.lot_id = l.lot_id
  WHERE a.programme_id = $1 AND l.earned_at < $4`;

/** A lot as it stood at a moment. */
export interface ListedLot {
  readonly lotId: LotId;
  /** The pseudonym: an id that says nothing about the person. */
  readonly memberId: MemberId;
  readonly purchaseId: PurchaseId | null;
  readonly origin: LotOrigin;
  readonly earnedOn: LocalDate;
  readonly points: number;
  readonly redeemed: number;
  readonly expired: number;
  readonly outstanding: number;
  readonly allocated: SubLedgerAmount;
  readonly liability: SubLedgerAmount;
  /** Exclusive end; null never expires. */
  readonly expiresAt: Instant | null;
  /** Month of issue, YYYY-MM. */
  readonly cohort: string;
  readonly valuation: Valuation | null;
}

export interface LotTotals {
  readonly lots: number;
  readonly points: bigint;
  readonly outstanding: bigint;
  readonly allocated: SubLedgerAmount;
  readonly liability: SubLedgerAmount;
}

/** Whose lots, when, and in which zone days are told. */
export interface LotListing {
  readonly programmeId: ProgrammeId;
  readonly asOf: AsOf;
  readonly timeZone: string;
}

/** The lot listing at a cut-off (accounting model 4.2, request 1), ordered by lot id. */
@Injectable()
export class LotListingQuery {
  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  /** At most `limit` lots after `cursor`. */
  async page(listing: LotListing, cursor: LotId | null, limit: number): Promise<readonly ListedLot[]> {
    const values = [...valuesOf(listing), cursor === null ? null : idToUuid(cursor), limit];
    const rows = await this.dataSource.query<Row[]>(PAGE, values);
    return rows.map((row) => listedLot(row, listing.timeZone));
  }

  async totals(listing: LotListing): Promise<LotTotals> {
    const [row = {}] = await this.dataSource.query<Row[]>(TOTALS, valuesOf(listing));
    return {
      lots: Number(row['lots']),
      points: BigInt(row['points'] as string),
      outstanding: BigInt(row['outstanding'] as string),
      allocated: BigInt(row['allocated'] as string),
      liability: BigInt(row['liability'] as string),
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

function valuesOf({ programmeId, asOf, timeZone }: LotListing): unknown[] {
  return [idToUuid(programmeId), ...asOfValues(asOf), new Date(endOf(asOf, timeZone))];
}

function listedLot(row: Row, timeZone: string): ListedLot {
  const points = Number(row['points']);
  const outstanding = Number(row['live']);
  const allocated = BigInt(row['allocated'] as string);
  const purchaseId = row['purchase_id'] as string | null;
  const earnedOn = localDate((row['earned_at'] as Date).getTime(), timeZone);
  return {
    lotId: uuidToId('lot', row['lot_id'] as string),
    memberId: uuidToId('mbr', row['member_id'] as string),
    purchaseId: purchaseId === null ? null : uuidToId('pur', purchaseId),
    origin: row['origin'] as LotOrigin,
    earnedOn,
    points,
    redeemed: Number(row['redeemed']),
    expired: Number(row['expired']),
    outstanding,
    allocated,
    liability: carryingAmount({ allocated, points }, points - outstanding),
    expiresAt: (row['expires_at'] as Date | null)?.getTime() ?? null,
    cohort: earnedOn.slice(0, 7),
    valuation: row['valuation'] as Valuation | null,
  };
}
