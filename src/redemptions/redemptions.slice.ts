import type { DomainEvent, LotPoints } from '../kernel/domain-events.js';
import { uuidToId, type RedemptionId } from '../kernel/ids.js';
import type { Instant } from '../kernel/time.js';
import type { Row } from '../platform/database/row.js';
import { SEAL, type AccountSlice, type SharedSlice, type Table } from '../platform/pipeline/index.js';
import type { RedemptionFacts, RedemptionStatus, VoidReason } from './domain/redemption-facts.js';
import { FIND_LAPSED_HOLDS } from './lapsed-holds.query.js';
import { HOLDS_AND_SUBJECTS, REWARD_STOCK_BY_KEY } from './redemption-load.query.js';

interface RedemptionsState {
  readonly accountId: string;
  /** Not later than the earliest lapse of a hold; null when there is none. */
  readonly nextHoldExpiryAt: Instant | null;
  /** Those on hold, those a command names, and those made since. */
  readonly redemptions: ReadonlyMap<RedemptionId, RedemptionFacts>;
  /** The rows of those that were loaded, as they are until this is written. */
  readonly stored: ReadonlyMap<RedemptionId, Readonly<Record<string, unknown>>>;
  readonly complete: boolean;
  readonly opened: ReadonlySet<RedemptionId>;
  readonly touched: ReadonlySet<RedemptionId>;
  /** Stock taken or given back, by reward. */
  readonly stockChanges: ReadonlyMap<string, number>;
  readonly programmeId: string | null;
}

const STATUS_COLUMNS = [
  { name: 'status', type: 'text' },
  { name: 'points', type: 'bigint' },
  { name: 'lots', type: 'json' },
  { name: 'reversed_points', type: 'bigint' },
  { name: 'discount_minor', type: 'bigint' },
  { name: 'hold_expires_at', type: 'instant' },
  { name: 'void_reason', type: 'text' },
  { name: 'purchase_id', type: 'id' },
] as const;

export const REDEMPTIONS: Table = {
  name: 'redemptions',
  mode: 'insert',
  sealed: true,
  key: ['redemption_id', 'account_id'],
  columns: [
    { name: 'redemption_id', type: 'id' },
    { name: 'member_id', type: 'id' },
    { name: 'reward_id', type: 'text' },
    { name: 'reward_version', type: 'int' },
    { name: 'stocked', type: 'boolean' },
    { name: 'voucher', type: 'text' },
    { name: 'external_id', type: 'text' },
    { name: 'authorised_at', type: 'instant' },
    ...STATUS_COLUMNS,
    { name: 'actor', type: 'text' },
    SEAL,
  ],
};

const REDEMPTION_STATUS: Table = {
  name: 'redemptions',
  mode: 'update',
  key: ['redemption_id', 'account_id'],
  columns: [{ name: 'redemption_id', type: 'id' }, ...STATUS_COLUMNS, SEAL],
  whole: REDEMPTIONS,
};

const REWARD_STOCK: Table = {
  name: 'reward_stock',
  mode: 'increment',
  key: ['programme_id', 'reward_id'],
  accountScoped: false,
  columns: [
    { name: 'programme_id', type: 'id' },
    { name: 'reward_id', type: 'text' },
    { name: 'remaining', type: 'bigint' },
  ],
};

/** An account's redemptions in the pipeline. A hold that has lapsed is voided before anything is decided. */
export const redemptionsSlice: AccountSlice<RedemptionsState> = {
  scope: 'account',
  name: 'redemptions',
  columns: [{ name: 'next_hold_expiry_at', type: 'instant', value: (state) => state.nextHoldExpiryAt }],
  read: (row) =>
    nothingNew(
      uuidToId('acc', row['account_id'] as string),
      (row['next_hold_expiry_at'] as Date | null)?.getTime() ?? null,
    ),
  afterWrite: ({ accountId, nextHoldExpiryAt }) => nothingNew(accountId, nextHoldExpiryAt),
  lazyRows: {
    sql: HOLDS_AND_SUBJECTS,
    referencedKinds: ['rdm'],
    merge: (state, rows) => {
      const loaded = rows.map((row) => ({ redemption: readRedemption(row), seal: row['seal'] }));
      return withNextExpiry({
        ...state,
        redemptions: new Map(loaded.map(({ redemption }) => [redemption.redemptionId, redemption] as const)),
        stored: new Map(
          loaded.map(
            ({ redemption, seal }) => [redemption.redemptionId, { ...toRow(redemption), seal }] as const,
          ),
        ),
        complete: true,
      });
    },
    referencedBy: (rows) => rows.flatMap((row) => (row['lots'] as LotPoints[]).map(({ lotId }) => lotId)),
  },
  due: [
    {
      phase: 'lapse',
      find: [FIND_LAPSED_HOLDS],
      nextDue: (state) => state.nextHoldExpiryAt,
      eventsDue: (state, now) =>
        holds(state)
          .filter(({ holdExpiresAt }) => (holdExpiresAt ?? Infinity) <= now)
          .map((redemption) => ({
            type: 'redemption.voided',
            data: { redemption: voided(redemption, 'holdExpired') },
            occurredAt: redemption.holdExpiresAt as Instant,
          })),
    },
  ],
  apply: (state, event, { programmeId }) => {
    switch (event.type) {
      case 'redemption.authorised':
      case 'redemption.captured':
      case 'redemption.used':
      case 'redemption.voided':
      case 'redemption.extended':
      case 'redemption.reversed': {
        const { redemption } = event.data;
        const isNew = !state.redemptions.has(redemption.redemptionId);
        const next = put({ ...state, programmeId }, redemption, isNew);
        const change = stockChange(event);
        return redemption.reward === null || !redemption.stocked || change === 0
          ? next
          : changeStock(next, redemption.reward.id, change);
      }
      default:
        return state;
    }
  },
  rows: (state, sink) => {
    for (const redemptionId of state.touched) {
      const redemption = state.redemptions.get(redemptionId) as RedemptionFacts;
      if (state.opened.has(redemptionId)) sink.add(REDEMPTIONS, state.accountId, toRow(redemption));
      else sink.add(REDEMPTION_STATUS, state.accountId, toRow(redemption), state.stored.get(redemptionId));
    }
    for (const [rewardId, remaining] of state.stockChanges) {
      const row = { programme_id: state.programmeId, reward_id: rewardId, remaining };
      if (remaining !== 0) sink.add(REWARD_STOCK, state.accountId, row);
    }
  },
};

/** No redemptions loaded, and nothing to be written. */
function nothingNew(accountId: string, nextHoldExpiryAt: Instant | null): RedemptionsState {
  return {
    accountId,
    nextHoldExpiryAt,
    redemptions: new Map(),
    stored: new Map(),
    complete: false,
    opened: new Set(),
    touched: new Set(),
    stockChanges: new Map(),
    programmeId: null,
  };
}

/** What is left of stocked rewards; a reward that is not counted has no row and no state. */
export const rewardStockSlice: SharedSlice<number> = {
  scope: 'shared',
  name: 'rewardStock',
  sql: REWARD_STOCK_BY_KEY,
  read: (row) => Number(row['remaining']),
  apply: (remaining, event, rewardId) => {
    const concerned = 'redemption' in event.data && event.data.redemption.reward?.id === rewardId;
    return concerned && event.data.redemption.stocked ? remaining + stockChange(event) : remaining;
  },
};

/** A redemption takes one of a stocked reward when it is made and gives it back when it is voided or reversed whole. */
function stockChange(event: DomainEvent): number {
  switch (event.type) {
    case 'redemption.authorised':
      return -1;
    case 'redemption.captured':
      return event.data.direct ? -1 : 0;
    case 'redemption.voided':
      return 1;
    case 'redemption.reversed':
      return event.data.redemption.status === 'reversed' ? 1 : 0;
    default:
      return 0;
  }
}

function put(state: RedemptionsState, redemption: RedemptionFacts, isNew: boolean): RedemptionsState {
  const { redemptionId } = redemption;
  return withNextExpiry({
    ...state,
    redemptions: new Map([...state.redemptions, [redemptionId, redemption]]),
    opened: isNew ? new Set([...state.opened, redemptionId]) : state.opened,
    touched: new Set([...state.touched, redemptionId]),
  });
}

function changeStock(state: RedemptionsState, rewardId: string, by: number): RedemptionsState {
  const changed = (state.stockChanges.get(rewardId) ?? 0) + by;
  return { ...state, stockChanges: new Map([...state.stockChanges, [rewardId, changed]]) };
}

function withNextExpiry(state: RedemptionsState): RedemptionsState {
  const expiries = holds(state).map(({ holdExpiresAt }) => holdExpiresAt ?? Infinity);
  if (!state.complete && state.nextHoldExpiryAt !== null) expiries.push(state.nextHoldExpiryAt);
  const next = Math.min(...expiries);
  return { ...state, nextHoldExpiryAt: Number.isFinite(next) ? next : null };
}

function holds(state: RedemptionsState): RedemptionFacts[] {
  return [...state.redemptions.values()].filter(({ status }) => status === 'authorised');
}

/** A redemption after its hold was given up. */
export function voided(redemption: RedemptionFacts, voidReason: VoidReason): RedemptionFacts {
  return { ...redemption, status: 'voided', holdExpiresAt: null, voidReason };
}

/** A row of `redemptions` as the domain's. */
export function readRedemption(row: Row): RedemptionFacts {
  const reward = row['reward_id'] as string | null;
  return {
    redemptionId: uuidToId('rdm', row['redemption_id'] as string),
    memberId: uuidToId('mbr', row['member_id'] as string),
    status: row['status'] as RedemptionStatus,
    points: Number(row['points']),
    lots: row['lots'] as LotPoints[],
    reversedPoints: Number(row['reversed_points']),
    reward: reward === null ? null : { id: reward, version: Number(row['reward_version']) },
    stocked: row['stocked'] as boolean,
    discountMinor: Number(row['discount_minor']),
    voucher: row['voucher'] as string | null,
    externalId: row['external_id'] as string | null,
    authorisedAt: (row['authorised_at'] as Date).getTime(),
    holdExpiresAt: (row['hold_expires_at'] as Date | null)?.getTime() ?? null,
    voidReason: row['void_reason'] as VoidReason | null,
    purchaseId: row['purchase_id'] === null ? null : uuidToId('pur', row['purchase_id'] as string),
    actor: row['actor'] as string | null,
  };
}

function toRow(redemption: RedemptionFacts): Record<string, unknown> {
  return {
    redemption_id: redemption.redemptionId,
    member_id: redemption.memberId,
    reward_id: redemption.reward?.id ?? null,
    reward_version: redemption.reward?.version ?? null,
    stocked: redemption.stocked,
    voucher: redemption.voucher,
    external_id: redemption.externalId,
    authorised_at: redemption.authorisedAt,
    actor: redemption.actor,
    status: redemption.status,
    points: redemption.points,
    lots: redemption.lots,
    reversed_points: redemption.reversedPoints,
    discount_minor: redemption.discountMinor,
    hold_expires_at: redemption.holdExpiresAt,
    void_reason: redemption.voidReason,
    purchase_id: redemption.purchaseId,
    seal: REDEMPTIONS.columns.length - 1,
  };
}
