import type { LinePoints, LotOrigin, Valuation } from '../kernel/domain-events.js';
import { uuidToId } from '../kernel/ids.js';
import type { AccountSlice, Row } from '../platform/pipeline/slice.js';
import { applyToLedger, withOpenLots, type LedgerState } from './domain/ledger-state.js';
import type { Lot } from './domain/lot.js';
import { planExpiry } from './domain/spend.js';
import { EXPIRING_JOIN, OPEN_LOTS } from './open-lots.query.js';
import { LOT_COUNTERS, LOTS, MOVEMENTS } from './ledger.tables.js';

/** The ledger's part of an account in the pipeline: balances on the account row, open lots on demand. */
export const ledgerSlice: AccountSlice<LedgerState> = {
  scope: 'account',
  name: 'ledger',
  columns: [
    { name: 'available', type: 'bigint', value: (state) => state.available },
    { name: 'pending', type: 'bigint', value: (state) => state.pending },
    { name: 'held', type: 'bigint', value: (state) => state.held },
    { name: 'debt', type: 'bigint', value: (state) => state.debt },
    { name: 'lifetime_earned', type: 'bigint', value: (state) => state.lifetimeEarned },
    { name: 'lifetime_redeemed', type: 'bigint', value: (state) => state.lifetimeRedeemed },
    { name: 'movement_seq', type: 'bigint', value: (state) => state.movementSequence },
    { name: 'head_hash', type: 'bytea', value: (state) => state.headHash },
  ],
  join: EXPIRING_JOIN,
  select: 'le.expiring',
  read: readLedger,
  details: {
    sql: OPEN_LOTS,
    merge: (state, rows) => withOpenLots(state, rows.map(readLot)),
  },
  isDue: (state, now) => (state.expiring[0]?.expiresAt ?? Infinity) <= now,
  settle: (state, now) =>
    planExpiry(state, now).map(({ at, lots }) => ({
      type: 'points.expired',
      data: { lots },
      occurredAt: at,
    })),
  apply: (state, event, { timeZone }) => applyToLedger(state, event, timeZone),
  rows: (state, sink) => {
    const { accountId } = state;
    for (const movement of state.movements) sink.add(MOVEMENTS, accountId, movementRow(movement));
    for (const lotId of state.touched) {
      const lot = state.lots.get(lotId) as Lot;
      sink.add(state.opened.has(lotId) ? LOTS : LOT_COUNTERS, accountId, lotRow(lot));
    }
  },
};

function readLedger(row: Row): LedgerState {
  const expiring = (row['expiring'] ?? []) as [number, number][];
  return {
    accountId: uuidToId('acc', row['account_id'] as string),
    available: Number(row['available']),
    pending: Number(row['pending']),
    held: Number(row['held']),
    debt: Number(row['debt']),
    lifetimeEarned: Number(row['lifetime_earned']),
    lifetimeRedeemed: Number(row['lifetime_redeemed']),
    movementSequence: Number(row['movement_seq']),
    headHash: (row['head_hash'] as Buffer).toString('hex'),
    expiring: expiring.map(([expiresAt, points]) => ({ expiresAt, points })),
    lots: new Map(),
    complete: false,
    movements: [],
    opened: new Set(),
    touched: new Set(),
  };
}

/** A row of `lots` as the domain's lot. */
export function readLot(row: Row): Lot {
  return {
    lotId: uuidToId('lot', row['lot_id'] as string),
    memberId: uuidToId('mbr', row['member_id'] as string),
    origin: row['origin'] as LotOrigin,
    purchaseId: row['purchase_id'] === null ? null : uuidToId('pur', row['purchase_id'] as string),
    rule:
      row['rule_id'] === null ? null : { id: row['rule_id'] as string, version: Number(row['rule_version']) },
    lines: ((row['lines'] ?? []) as [number, number][]).map(([lineNo, points]): LinePoints => ({
      lineNo,
      points,
    })),
    points: Number(row['points']),
    allocated: BigInt(row['allocated'] as string),
    valuation: row['valuation'] as Valuation | null,
    earnedAt: (row['earned_at'] as Date).getTime(),
    availableAt: (row['available_at'] as Date).getTime(),
    expiresAt: (row['expires_at'] as Date | null)?.getTime() ?? null,
    available: Number(row['available']),
    held: Number(row['held']),
    redeemed: Number(row['redeemed']),
    expired: Number(row['expired']),
  };
}

function lotRow(lot: Lot): Record<string, unknown> {
  return {
    lot_id: lot.lotId,
    member_id: lot.memberId,
    origin: lot.origin,
    purchase_id: lot.purchaseId,
    rule_id: lot.rule?.id ?? null,
    rule_version: lot.rule?.version ?? null,
    lines: lot.lines.map(({ lineNo, points }) => [lineNo, points]),
    points: lot.points,
    allocated: lot.allocated,
    valuation: lot.valuation,
    earned_at: lot.earnedAt,
    available_at: lot.availableAt,
    expires_at: lot.expiresAt,
    available: lot.available,
    held: lot.held,
    redeemed: lot.redeemed,
    expired: lot.expired,
  };
}

function movementRow(movement: LedgerState['movements'][number]): Record<string, unknown> {
  return {
    sequence: movement.sequence,
    lot_id: movement.lotId,
    member_id: movement.memberId,
    from_bucket: movement.from,
    to_bucket: movement.to,
    points: movement.points,
    liability: movement.liability,
    event_code: movement.eventCode,
    cause_type: movement.causeType,
    cause_id: movement.causeId,
    occurred_at: movement.occurredAt,
    recorded_at: movement.recordedAt,
    posting_date: movement.postingDate,
    hash: movement.hash,
  };
}
