import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { idToUuid, uuidToId, type AccountId } from '../kernel/ids.js';
import { formatSubLedger } from '../kernel/money.js';
import { formatInstant, type Instant } from '../kernel/time.js';
import type { Row } from '../platform/pipeline/slice.js';
import { DATA_SOURCE } from '../platform/tokens.js';
import { lotLiability } from './domain/lot.js';
import { readLot } from './ledger.slice.js';

export interface Page<T> {
  readonly data: readonly T[];
  readonly nextCursor: string | null;
}

export interface PageRequest {
  readonly limit: number;
  readonly cursor: string | null;
  readonly asOf: Instant | null;
  readonly currency: string;
}

/** Counters of each lot at an instant, out of its movements. */
const LOTS = `SELECT l.*, coalesce(c.available, 0) AS available, coalesce(c.held, 0) AS held,
    coalesce(c.redeemed, 0) AS redeemed, coalesce(c.expired, 0) AS expired
  FROM lots l
  JOIN LATERAL (
    SELECT sum(m.points) FILTER (WHERE m.to_bucket = 'available')
        - coalesce(sum(m.points) FILTER (WHERE m.from_bucket = 'available'), 0) AS available,
      coalesce(sum(m.points) FILTER (WHERE m.to_bucket = 'held'), 0)
        - coalesce(sum(m.points) FILTER (WHERE m.from_bucket = 'held'), 0) AS held,
      sum(m.points) FILTER (WHERE m.to_bucket = 'redeemed') AS redeemed,
      sum(m.points) FILTER (WHERE m.to_bucket = 'expired') AS expired,
      count(*) AS movements
    FROM movements m WHERE m.account_id = l.account_id AND m.lot_id = l.lot_id
      AND ($2::timestamptz IS NULL OR m.occurred_at <= $2)) c ON c.movements > 0
  WHERE l.account_id = $1 AND ($3::uuid IS NULL OR l.lot_id > $3)
  ORDER BY l.lot_id LIMIT $4`;

const MOVEMENTS = `SELECT m.* FROM movements m
  WHERE m.account_id = $1 AND ($2::timestamptz IS NULL OR m.occurred_at <= $2) AND ($3::bigint IS NULL OR m.sequence < $3)
  ORDER BY m.sequence DESC LIMIT $4`;

/** An account's lots and movements, page by page. */
@Injectable()
export class AccountLedgerQuery {
  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  /** Lots in the order in which they were made, with their counters as of an instant. */
  async lots(accountId: AccountId, page: PageRequest): Promise<Page<object>> {
    const cursor = page.cursor === null ? null : idToUuid(page.cursor);
    const values = [idToUuid(accountId), instant(page.asOf), cursor, page.limit + 1];
    const rows = await this.dataSource.query<Row[]>(LOTS, values);
    return cut(
      rows.map((row) => lotView(row, page.currency)),
      page.limit,
      ({ id }) => id,
    );
  }

  /** Movements, newest first. */
  async movements(accountId: AccountId, page: PageRequest): Promise<Page<object>> {
    const values = [idToUuid(accountId), instant(page.asOf), page.cursor, page.limit + 1];
    const rows = await this.dataSource.query<Row[]>(MOVEMENTS, values);
    return cut(
      rows.map((row) => movementView(row, page.currency)),
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
    purchaseId: lot.purchaseId,
    rule: lot.rule,
    lines: lot.lines,
    points: lot.points,
    available: lot.available,
    held: lot.held,
    redeemed: lot.redeemed,
    expired: lot.expired,
    /** Sub-ledger amounts in major units. */
    allocated: formatSubLedger(lot.allocated, currency),
    liability: formatSubLedger(lotLiability(lot), currency),
    valuation: lot.valuation,
    earnedAt: formatInstant(lot.earnedAt),
    availableAt: formatInstant(lot.availableAt),
    expiresAt: lot.expiresAt === null ? null : formatInstant(lot.expiresAt),
  };
}

function movementView(row: Row, currency: string) {
  return {
    sequence: Number(row['sequence']),
    lotId: uuidToId('lot', row['lot_id'] as string),
    memberId: uuidToId('mbr', row['member_id'] as string),
    from: row['from_bucket'] as string,
    to: row['to_bucket'] as string,
    points: Number(row['points']),
    liability: formatSubLedger(BigInt(row['liability'] as string), currency),
    eventCode: row['event_code'] as string | null,
    cause: { type: row['cause_type'] as string, id: causeId(row) },
    occurredAt: (row['occurred_at'] as Date).toISOString(),
    recordedAt: (row['recorded_at'] as Date).toISOString(),
    postingDate: row['posting_date'] as string,
    hash: (row['hash'] as Buffer).toString('hex'),
  };
}

const CAUSE_PREFIX = { purchase: 'pur', redemption: 'rdm', expiry: 'lot' } as const;

/** The id of what caused a movement, in the form its own resource has. */
export function causeId(row: Row): string {
  return uuidToId(CAUSE_PREFIX[row['cause_type'] as keyof typeof CAUSE_PREFIX], row['cause_id'] as string);
}
