import type { DomainEvent, LotGrant } from '../../kernel/domain-events.js';
import type { AccountId, LotId } from '../../kernel/ids.js';
import type { Points } from '../../kernel/points.js';
import { localDate, type Instant } from '../../kernel/time.js';
import {
  compareSpendingOrder,
  lotLiability,
  movePoints,
  type Bucket,
  type Lot,
  type LotBucket,
} from './lot.js';
import { movementHash, type CauseType, type EventCode, type Movement } from './movement.js';

export interface ExpiringPoints {
  readonly expiresAt: Instant;
  readonly points: Points;
}

/** How many coming expiry dates a balance shows. */
export const EXPIRING_SHOWN = 3;

/** An account's points as the pipeline works on them. */
export interface LedgerState {
  readonly accountId: AccountId;
  readonly available: Points;
  readonly pending: Points;
  readonly held: Points;
  readonly debt: Points;
  readonly lifetimeEarned: Points;
  readonly lifetimeRedeemed: Points;
  readonly movementSequence: number;
  readonly headHash: string;
  /** The next expiries of available points, earliest first; at least the first `EXPIRING_SHOWN` there are. */
  readonly expiring: readonly ExpiringPoints[];
  /** Lots known so far: all open ones once `complete`, else only those made since. */
  readonly lots: ReadonlyMap<LotId, Lot>;
  readonly complete: boolean;
  /** Movements not written yet, and the lots they opened or changed. */
  readonly movements: readonly Movement[];
  readonly opened: ReadonlySet<LotId>;
  readonly touched: ReadonlySet<LotId>;
}

interface Posting {
  readonly lotId: LotId;
  readonly from: Bucket;
  readonly to: LotBucket;
  readonly points: Points;
  readonly eventCode: EventCode | null;
  readonly causeType: CauseType;
  readonly causeId: string;
}

/** Folds an event into the account's points; events that move none leave the state as it is. */
export function applyToLedger(state: LedgerState, event: DomainEvent, timeZone: string): LedgerState {
  switch (event.type) {
    case 'lots.granted': {
      const lots = event.data.lots.map((grant) => openLot(grant, event));
      const known = new Map([...state.lots, ...lots.map((lot) => [lot.lotId, lot] as const)]);
      const opened = new Set([...state.opened, ...lots.map((lot) => lot.lotId)]);
      const postings = lots.map((lot) => ({
        ...lotPosting(lot.lotId, 'issued', 'available', lot.points),
        eventCode: lot.origin === 'purchase' ? ('E01' as const) : ('E02' as const),
        causeType: 'purchase' as const,
        causeId: event.data.purchaseId,
      }));
      return post({ ...state, lots: known, opened }, postings, event, timeZone);
    }
    case 'points.held':
      return moveAll(state, event, event.data, 'available', 'held', null, timeZone);
    case 'points.released':
      return moveAll(state, event, event.data, 'held', 'available', null, timeZone);
    case 'points.redeemed':
      return moveAll(state, event, event.data, event.data.from, 'redeemed', 'E06', timeZone);
    case 'points.expired': {
      const postings = event.data.lots.map(({ lotId, points }) => ({
        ...lotPosting(lotId, 'available', 'expired', points),
        eventCode: 'E15' as const,
        causeType: 'expiry' as const,
        causeId: lotId,
      }));
      return post(state, postings, event, timeZone);
    }
    default:
      return state;
  }
}

function moveAll(
  state: LedgerState,
  event: DomainEvent,
  data: { readonly redemptionId: string; readonly lots: readonly { lotId: LotId; points: Points }[] },
  from: LotBucket,
  to: LotBucket,
  eventCode: EventCode | null,
  timeZone: string,
): LedgerState {
  const postings = data.lots.map(({ lotId, points }) => ({
    ...lotPosting(lotId, from, to, points),
    eventCode,
    causeType: 'redemption' as const,
    causeId: data.redemptionId,
  }));
  return post(state, postings, event, timeZone);
}

function lotPosting(lotId: LotId, from: Bucket, to: LotBucket, points: Points) {
  return { lotId, from, to, points };
}

/** Carries out postings: lots, balances and the hash chain move together. */
function post(
  state: LedgerState,
  postings: readonly Posting[],
  event: DomainEvent,
  timeZone: string,
): LedgerState {
  const lots = new Map(state.lots);
  const touched = new Set(state.touched);
  const movements = [...state.movements];
  const balance = { available: state.available, held: state.held };
  let { headHash, movementSequence, lifetimeEarned, lifetimeRedeemed } = state;
  for (const posting of postings) {
    const before = lots.get(posting.lotId);
    if (!before) throw new Error(`lot ${posting.lotId} is not loaded`);
    const after = movePoints(before, posting.from, posting.to, posting.points);
    lots.set(posting.lotId, after);
    touched.add(posting.lotId);
    movementSequence += 1;
    const liability =
      posting.from === 'issued' ? lotLiability(after) : lotLiability(after) - lotLiability(before);
    const movement = {
      ...posting,
      accountId: state.accountId,
      sequence: movementSequence,
      memberId: before.memberId,
      liability,
      occurredAt: event.occurredAt,
      recordedAt: event.recordedAt,
      postingDate: postingDate(posting, event, timeZone),
    };
    headHash = movementHash(headHash, movement);
    movements.push({ ...movement, hash: headHash });
    if (posting.from === 'available' || posting.from === 'held') balance[posting.from] -= posting.points;
    if (posting.to === 'available' || posting.to === 'held') balance[posting.to] += posting.points;
    if (posting.from === 'issued') lifetimeEarned += posting.points;
    if (posting.to === 'redeemed') lifetimeRedeemed += posting.points;
  }
  const next = {
    ...state,
    ...balance,
    lots,
    touched,
    movements,
    headHash,
    movementSequence,
    lifetimeEarned,
    lifetimeRedeemed,
  };
  return { ...next, expiring: comingExpiries(state, next) };
}

/**
 * A lot that expires "through the 31st" ends at the first instant of the next day; in the books that still
 * belongs to the 31st.
 */
function postingDate(posting: Posting, event: DomainEvent, timeZone: string): string {
  return localDate(posting.causeType === 'expiry' ? event.occurredAt - 1 : event.occurredAt, timeZone);
}

function openLot(grant: LotGrant, event: DomainEvent & { type: 'lots.granted' }): Lot {
  return {
    lotId: grant.lotId,
    memberId: event.memberId,
    origin: grant.origin,
    purchaseId: event.data.purchaseId,
    rule: grant.rule,
    lines: grant.lines,
    points: grant.points,
    allocated: grant.allocated,
    valuation: grant.valuation,
    earnedAt: event.occurredAt,
    availableAt: grant.availableAt,
    expiresAt: grant.expiresAt,
    available: 0,
    held: 0,
    redeemed: 0,
    expired: 0,
  };
}

/** With all open lots at hand the coming expiries are exact; else new lots are merged into what was known. */
function comingExpiries(
  before: LedgerState,
  after: Pick<LedgerState, 'lots' | 'complete'>,
): readonly ExpiringPoints[] {
  const sums = new Map<Instant, Points>();
  if (!after.complete) for (const { expiresAt, points } of before.expiring) sums.set(expiresAt, points);
  for (const lot of after.lots.values()) {
    if (lot.expiresAt === null) continue;
    const known = after.complete ? 0 : (before.lots.get(lot.lotId)?.available ?? 0);
    if (lot.available === known) continue;
    sums.set(lot.expiresAt, (sums.get(lot.expiresAt) ?? 0) + lot.available - known);
  }
  return [...sums]
    .filter(([, points]) => points > 0)
    .sort(([a], [b]) => a - b)
    .map(([expiresAt, points]) => ({ expiresAt, points }));
}

/** The state with all of the account's open lots loaded. */
export function withOpenLots(state: LedgerState, open: readonly Lot[]): LedgerState {
  const next = { ...state, lots: new Map(open.map((lot) => [lot.lotId, lot])), complete: true };
  return { ...next, expiring: comingExpiries(state, next) };
}

/** Lots with available points in spending order. */
export function spendableLots(state: LedgerState): Lot[] {
  return [...state.lots.values()].filter(({ available }) => available > 0).sort(compareSpendingOrder);
}
