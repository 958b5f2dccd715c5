import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { CauseType } from '../kernel/domain-events.js';
import { idToUuid, uuidToId, type AccountId, type IdPrefix, type PurchaseId } from '../kernel/ids.js';
import { formatSubLedger } from '../kernel/money.js';
import { formatInstant, type Instant } from '../kernel/time.js';
import type { Row } from '../platform/database/row.js';
import { DATA_SOURCE } from '../platform/tokens.js';
import { byBucket, LOT_BUCKETS, lotLiability, type Destination } from './domain/lot.js';
import { effectiveDay, endsADay, isLate } from './domain/posting-date.js';
import { LOT_WAITING, lotExpiresAt, lotPosition } from './lot-as-of.query.js';
import { readLot } from './lot.rows.js';
import { valuationView } from './valuation-view.js';

export interface Page<T> {
  readonly data: readonly T[];
  readonly nextCursor: string | null;
}

export interface PageRequest {
  readonly limit: number;
  readonly cursor: string | null;
  /** What had happened by then, as far as it was known by `knownAt`; null: all of it. */
  readonly asOf: Instant | null;
  readonly knownAt: Instant | null;
  readonly currency: string;
  /** The time zone of days and months. */
  readonly timeZone: string;
}

/** `$2`: what had happened by then; `$5`: as far as it was known by then. Null: all of it. */
const KNOWN = `($2::timestamptz IS NULL OR m.occurred_at <= $2) AND ($5::timestamptz IS NULL OR m.recorded_at <= $5)`;

const FROZEN = `l.account_id, l.lot_id, l.member_id, l.origin, l.purchase_id, l.rule_id, l.rule_version, l.lines,
    l.points, l.allocated, l.valuation, l.earned_at, l.first_expires_at, l.slides, l.parent_lot_id, l.root_lot_id`;
/**
 * What a lot `l` was opened for, where that is not the receipt it came with: the movement's cause, as text. Of all
 * others it is null, so that nothing but the lot's own row is needed for them.
 */
const ISSUED_FOR = `(SELECT json_build_object('cause_type', i.cause_type, 'cause_id', i.cause_id) FROM movements i
    WHERE i.lot_id = l.lot_id AND i.account_id = l.account_id
      AND i.from_bucket = 'issued' AND i.cause_type <> 'purchase') AS issued_for`;
const COUNTERS = (of: string): string => LOT_BUCKETS.map((bucket) => `${of}.${bucket}`).join(', ');

/** Lots as they are. */
const LOTS = `SELECT ${FROZEN}, ${ISSUED_FOR}, l.available_at, l.awaits, ${COUNTERS('l')},
    CASE WHEN l.slides THEN a.sliding_expires_at ELSE l.expires_at END AS expires_at
  FROM accounts a JOIN lots l ON l.account_id = a.account_id
  WHERE a.account_id = $1 AND ($2::uuid IS NULL OR l.lot_id > $2)
  ORDER BY l.lot_id LIMIT $3`;

/** Lots as they were, out of their movements. */
const LOTS_AS_OF = `WITH c AS (
    SELECT m.lot_id, ${lotPosition(KNOWN)}
    FROM movements m WHERE m.account_id = $1 AND m.lot_id IS NOT NULL AND ($3::uuid IS NULL OR m.lot_id > $3)
    GROUP BY m.lot_id HAVING count(*) FILTER (WHERE ${KNOWN}) > 0
    ORDER BY m.lot_id LIMIT $4),
  sliding AS (
    SELECT max(s.expires_at) AS expires_at FROM sliding_expiries s
    WHERE s.account_id = $1 AND ($2::timestamptz IS NULL OR s.occurred_at <= $2)
      AND ($5::timestamptz IS NULL OR s.recorded_at <= $5))
  SELECT ${FROZEN}, ${ISSUED_FOR}, ${LOT_WAITING}, ${COUNTERS('c')}, ${lotExpiresAt('s.expires_at')} AS expires_at
  FROM c JOIN lots l ON l.account_id = $1 AND l.lot_id = c.lot_id CROSS JOIN sliding s
  ORDER BY l.lot_id`;

const MOVEMENTS = `SELECT m.* FROM movements m
  WHERE m.account_id = $1 AND ${KNOWN} AND ($3::bigint IS NULL OR m.sequence < $3)
  ORDER BY m.sequence DESC LIMIT $4`;

/** An account's lots and movements, page by page. */
@Injectable()
export class AccountLedgerQuery {
  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  /** Lots in the order in which they were made, as they are or as they were at an instant. */
  async lots(accountId: AccountId, page: PageRequest): Promise<Page<object>> {
    const { asOf, knownAt, limit } = page;
    const account = idToUuid(accountId);
    const cursor = page.cursor === null ? null : idToUuid(page.cursor);
    const rows =
      asOf === null && knownAt === null
        ? await this.dataSource.query<Row[]>(LOTS, [account, cursor, limit + 1])
        : await this.dataSource.query<Row[]>(LOTS_AS_OF, [
            account,
            instant(asOf),
            cursor,
            limit + 1,
            instant(knownAt),
          ]);
    return cut(
      rows.map((row) => lotView(row, page.currency)),
      page.limit,
      ({ id }) => id,
    );
  }

  /** Movements, newest first. */
  async movements(accountId: AccountId, page: PageRequest): Promise<Page<object>> {
    const values = [
      idToUuid(accountId),
      instant(page.asOf),
      page.cursor,
      page.limit + 1,
      instant(page.knownAt),
    ];
    const rows = await this.dataSource.query<Row[]>(MOVEMENTS, values);
    return cut(
      rows.map((row) => movementView(row, page)),
      page.limit,
      ({ sequence }) => String(sequence),
    );
  }
}

function cut<T>(rows: readonly T[], limit: number, cursorOf: (row: T) => string): Page<T> {
  const data = rows.slice(0, limit);
  const last = data.at(-1);
  return { data, nextCursor: rows.length > limit && last !== undefined ? cursorOf(last) : null };
}

function instant(at: Instant | null): Date | null {
  return at === null ? null : new Date(at);
}

function lotView(row: Row, currency: string) {
  const lot = readLot(row);
  return {
    id: lot.lotId,
    memberId: lot.memberId,
    origin: lot.origin,
    source: sourceOf(row['issued_for'] as Row | null, lot.purchaseId),
    purchaseId: lot.purchaseId,
    rule: lot.rule,
    lines: lot.lines,
    points: lot.points,
    ...byBucket((bucket) => lot[bucket]),
    /** Sub-ledger amounts in major units. */
    allocated: formatSubLedger(lot.allocated, currency),
    liability: formatSubLedger(lotLiability(lot), currency),
    valuation: valuationView(lot.valuation),
    earnedAt: formatInstant(lot.earnedAt),
    availableAt: formatInstant(lot.availableAt),
    expiresAt: lot.expiresAt === null ? null : formatInstant(lot.expiresAt),
    slides: lot.slides,
    awaits: lot.awaits && {
      event: lot.awaits.event,
      thenDays: lot.awaits.thenDays,
      cancelAt: formatInstant(lot.awaits.cancelAt),
    },
    parentLotId: lot.parentLotId,
    rootLotId: lot.rootLotId,
  };
}

/** What a lot's points were given for: the cause of the movement that opened it. */
function sourceOf(issuedFor: Row | null, purchaseId: PurchaseId | null): { type: string; id: string } | null {
  if (issuedFor) return { type: issuedFor['cause_type'] as string, id: causeId(issuedFor) };
  // Without either the lot has no first movement, which `verify` finds.
  return purchaseId === null ? null : { type: 'purchase', id: purchaseId };
}

function movementView(row: Row, { currency, timeZone }: Pick<PageRequest, 'currency' | 'timeZone'>) {
  const cause = { type: row['cause_type'] as CauseType, id: causeId(row) };
  const to = row['to_bucket'] as Destination;
  const effectiveAt = ((row['effective_at'] ?? row['occurred_at']) as Date).getTime();
  const effectiveDate = effectiveDay(effectiveAt, endsADay(cause, to), timeZone);
  const postingDate = row['posting_date'] as string;
  return {
    sequence: Number(row['sequence']),
    lotId: row['lot_id'] === null ? null : uuidToId('lot', row['lot_id'] as string),
    memberId: uuidToId('mbr', row['member_id'] as string),
    from: row['from_bucket'] as string,
    to,
    points: Number(row['points']),
    liability: formatSubLedger(BigInt(row['liability'] as string), currency),
    eventCode: row['event_code'] as string | null,
    cause,
    occurredAt: (row['occurred_at'] as Date).toISOString(),
    recordedAt: (row['recorded_at'] as Date).toISOString(),
    postingDate,
    /** When what it is about happened: of a return, when the goods came back. Its day, of what ends a day that day. */
    effectiveAt: formatInstant(effectiveAt),
    effectiveDate,
    /** Posted in another month than the one in which it happened. */
    late: isLate(effectiveDate, postingDate),
    /** The lot's expiry from now on, where the movement set it. */
    setsExpiryAt: (row['sets_expiry_at'] as Date | null)?.toISOString() ?? null,
    /** Digest of the lot's terms, where the movement set them. */
    terms: (row['terms'] as Buffer | null)?.toString('hex') ?? null,
    /** Which fields the hash covers. */
    hashVersion: Number(row['hash_version']),
    hash: (row['hash'] as Buffer).toString('hex'),
  };
}

const CAUSE_PREFIX = {
  purchase: 'pur',
  return: 'ret',
  redemption: 'rdm',
  expiry: 'lot',
  activation: 'lot',
  adjustment: 'adj',
  transfer: 'trf',
  closing: 'mbr',
  opening: 'lot',
  activity: 'atv',
  activityCancellation: 'atv',
  calendar: 'gft',
  undo: 'und',
  promotion: 'gft',
  promotionReversal: 'gft',
  registration: 'reg',
  registrationCancellation: 'reg',
} as const satisfies Record<CauseType, IdPrefix>;

/** The id of a movement's cause, in the form of its resource; of an unknown cause, as it is stored. */
export function causeId(row: Row): string {
  const prefixes: Readonly<Record<string, IdPrefix | undefined>> = CAUSE_PREFIX;
  const prefix = prefixes[row['cause_type'] as string];
  const uuid = row['cause_id'] as string;
  return prefix === undefined ? uuid : uuidToId(prefix, uuid);
}
