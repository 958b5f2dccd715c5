import type { DataSource } from 'typeorm';
import { EMPTY_SUM } from '../../src/kernel/record-sum.js';
import type {
  DomainEvent,
  DomainEventMap,
  DomainEventType,
  LotOrigin,
  LotPoints,
} from '../../src/kernel/domain-events.js';
import {
  idToUuid,
  type AccountId,
  type IdSource,
  type LotId,
  type MemberId,
  type ProgrammeId,
  type RedemptionId,
} from '../../src/kernel/ids.js';
import type { Instant } from '../../src/kernel/time.js';
import { planChildren } from '../../src/ledger/domain/children.js';
import { applyToLedger } from '../../src/ledger/domain/fold.js';
import type { LedgerState } from '../../src/ledger/domain/ledger-state.js';
import { ledgerSlice } from '../../src/ledger/ledger.slice.js';
import { sqlType, type ColumnType } from '../../src/platform/pipeline/contract/table.js';
import type { Table } from '../../src/platform/pipeline/index.js';
import { emptyLedger } from './ledger.js';

export const SEED_TIME_ZONE = 'Asia/Taipei';
const HOLDS_LAPSE_AT = '2199-01-01T00:00:00Z';
/** A statement has at most 65,535 parameters. */
const ROWS_AT_ONCE = 500;

export async function seedProgramme(
  dataSource: DataSource,
  ids: IdSource,
  currency = 'TWD',
): Promise<ProgrammeId> {
  const programmeId = ids.next('prg');
  await dataSource.query(
    `INSERT INTO programmes (programme_id, name, currency, time_zone, created_at) VALUES ($1, 'Seed', $2, $3, now())`,
    [idToUuid(programmeId), currency, SEED_TIME_ZONE],
  );
  return programmeId;
}

export interface SeedLot {
  readonly points: number;
  /** Sub-ledger units; an amount makes it a purchase lot. */
  readonly allocated?: bigint;
  readonly at: string;
  readonly expiresAt?: string;
}

/** Tells one account's story through the ledger's own functions, then writes what the pipeline would write. */
export class LedgerSeed {
  readonly accountId: AccountId;
  readonly memberId: MemberId;
  private state: LedgerState;
  private lastRecordedAt: Instant | null = null;
  /** By which the last hold is known. */
  lastHold: RedemptionId = 'rdm_none';
  private readonly redemptions = new Map<
    RedemptionId,
    { points: number; status: 'authorised' | 'captured'; lots: readonly LotPoints[] }
  >();

  constructor(
    private readonly ids: IdSource,
    private readonly programmeId: ProgrammeId,
  ) {
    this.accountId = ids.next('acc');
    this.memberId = ids.next('mbr');
    this.state = emptyLedger({ accountId: this.accountId });
  }

  grant({ points, allocated = 0n, at, expiresAt }: SeedLot): LotId {
    const lotId = this.ids.next('lot');
    const origin: LotOrigin = allocated > 0n ? 'purchase' : 'non_purchase';
    const lot = {
      lotId,
      rule: { id: 'base', version: 1 },
      origin,
      points,
      lines: [{ lineNo: 1, points }],
      availableAt: Date.parse(at),
      expiresAt: expiresAt === undefined ? null : Date.parse(expiresAt),
      allocated,
      valuation: null,
      state: 'available' as const,
      awaits: null,
      slides: false,
      expiryPolicy: { type: 'never' as const },
    };
    const purchaseId = this.ids.next('pur');
    const cause = { type: 'purchase', id: purchaseId } as const;
    this.happen('lots.granted', { cause, purchaseId, lots: [lot] }, at);
    return lotId;
  }

  /** Uses points at once, or those of the last hold, all of them. */
  redeem(lotId: LotId, points: number, at: string, from: 'available' | 'held' = 'available'): this {
    const redemptionId = from === 'held' ? this.lastHold : this.ids.next('rdm');
    const lots = [{ lotId, points }];
    this.redemptions.set(redemptionId, { points, status: 'captured', lots });
    const data = { redemptionId, from, lots };
    return this.happen('points.redeemed', data, at);
  }

  hold(lotId: LotId, points: number, at: string): this {
    const redemptionId = this.ids.next('rdm');
    this.lastHold = redemptionId;
    const lots = [{ lotId, points }];
    this.redemptions.set(redemptionId, { points, status: 'authorised', lots });
    return this.happen('points.held', { redemptionId, lots }, at);
  }

  expire(lotId: LotId, points: number, at: string): this {
    return this.happen('points.expired', { lots: [{ lotId, points }] }, at);
  }

  /** Points of these lots go on in another account, in one transfer. */
  moveTo(taker: LedgerSeed, lots: readonly LotPoints[], at: string): this {
    const cause = { type: 'transfer', id: this.ids.next('trf') } as const;
    const parts = lots.map((lot) => ({ ...lot, from: 'available' as const }));
    const { sent, received } = planChildren(this.state, parts, this.ids, { memberId: null, expiry: 'keep' });
    taker.happen('lots.received', { cause, lots: received }, at);
    return this.happen('points.sent', { cause, lots: sent }, at);
  }

  /** Writes the account, its lots and movements, and its redemptions. */
  async save(dataSource: DataSource): Promise<void> {
    const { state } = this;
    await insert(
      dataSource,
      'accounts',
      [
        { name: 'account_id', type: 'id' },
        { name: 'programme_id', type: 'id' },
        { name: 'head_member_id', type: 'id' },
        { name: 'last_recorded_at', type: 'instant' },
        ...ledgerSlice.columns,
      ],
      [
        {
          account_id: this.accountId,
          programme_id: this.programmeId,
          head_member_id: this.memberId,
          last_recorded_at: this.lastRecordedAt,
          ...Object.fromEntries(ledgerSlice.columns.map((column) => [column.name, column.value(state)])),
        },
      ],
    );
    // No roll counts it, as none counts accounts of before.
    await dataSource.query(
      `UPDATE programmes p SET uncounted_accounts = p.uncounted_accounts + 1 WHERE p.programme_id = $1`,
      [idToUuid(this.programmeId)],
    );
    const rows = new Map<Table, Readonly<Record<string, unknown>>[]>();
    ledgerSlice.rows?.(state, {
      add: (table, _accountId, values) => {
        const own = rows.get(table) ?? [];
        own.push({ account_id: this.accountId, ...values });
        rows.set(table, own);
      },
      digest: () => EMPTY_SUM,
    });
    for (const [table, values] of rows) {
      const columns = [{ name: 'account_id', type: 'id' } as const, ...table.columns];
      for (let first = 0; first < values.length; first += ROWS_AT_ONCE)
        await insert(dataSource, table.name, columns, values.slice(first, first + ROWS_AT_ONCE));
    }
    for (const [redemptionId, { points, status, lots }] of this.redemptions) {
      const expiresAt = status === 'authorised' ? HOLDS_LAPSE_AT : null;
      await dataSource.query(
        `INSERT INTO redemptions (redemption_id, account_id, member_id, status, points, lots, stocked, discount_minor,
           authorised_at, hold_expires_at)
         VALUES ($1, $2, $3, $4, $5, $7, false, 0, now(), $6)`,
        [
          ...[redemptionId, this.accountId, this.memberId].map(idToUuid),
          ...[status, points, expiresAt, JSON.stringify(lots)],
        ],
      );
      if (expiresAt === null) continue;
      await dataSource.query('UPDATE accounts SET next_hold_expiry_at = $2 WHERE account_id = $1', [
        idToUuid(this.accountId),
        expiresAt,
      ]);
    }
  }

  /** Whatever else may happen; recorded a second later unless told otherwise. */
  happen<T extends DomainEventType>(
    type: T,
    data: DomainEventMap[T],
    at: string,
    recordedAt: Instant = Date.parse(at) + 1000,
  ): this {
    const { accountId, memberId } = this;
    const when = {
      occurredAt: Date.parse(at),
      recordedAt,
      effectiveAt: null,
      beyondBound: false,
      actor: 'engine',
    };
    const event = { type, data, accountId, memberId, ...when };
    this.lastRecordedAt = Math.max(this.lastRecordedAt ?? recordedAt, recordedAt);
    this.state = applyToLedger(this.state, event as unknown as DomainEvent, SEED_TIME_ZONE);
    return this;
  }
}

async function insert(
  dataSource: DataSource,
  table: string,
  columns: Table['columns'],
  rows: readonly Readonly<Record<string, unknown>>[],
): Promise<void> {
  const names = columns.map(({ name }) => name);
  const places = rows.map((_, row) => {
    const own = columns.map(({ type }, index) => `$${row * columns.length + index + 1}::${sqlType(type)}`);
    return `(${own.join(', ')})`;
  });
  await dataSource.query(
    `INSERT INTO ${table} (${names.join(', ')}) VALUES ${places.join(', ')}`,
    rows.flatMap((values) => columns.map(({ name, type }) => bind(type, values[name]))),
  );
}

/** A domain value as text that PostgreSQL reads. */
function bind(type: ColumnType, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  switch (type) {
    case 'id':
      return idToUuid(value as string);
    case 'instant':
      return new Date(value as number | string).toISOString();
    case 'json':
      return JSON.stringify(value);
    case 'bytea':
      return `\\x${value as string}`;
    case 'bigint':
      return (value as bigint | number).toString();
    default:
      return value;
  }
}
