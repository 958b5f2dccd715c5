import type {
  AwaitedEvent,
  LinePoints,
  LotOrigin,
  Valuation,
  VersionRef,
} from '../../kernel/domain-events.js';
import type { ExpiryPolicy } from '../../kernel/expiry-policy.js';
import type { LotId, MemberId, PurchaseId } from '../../kernel/ids.js';
import type { SubLedgerAmount } from '../../kernel/money.js';
import type { Points } from '../../kernel/points.js';
import type { Instant, LocalDate } from '../../kernel/time.js';
import { carryingAmount } from './carrying-amount.js';
import type { Buyer } from './lot-grant.js';

/** Buckets a lot counts; together they always add up to its points. */
export const LOT_BUCKETS = [
  'undelivered', // granted with goods not handed over yet: promised, not owed
  'pending', // owed, not usable yet
  'available',
  'held', // set aside for a redemption
  'redeemed',
  'expired',
  'returned', // clawed back by the return of what earned them
  'settled', // went into a debt
  'moved', // continue as a lot of another account
  'cancelled', // given up while waiting, or forfeited
] as const;
export type LotBucket = (typeof LOT_BUCKETS)[number];

/** Something for each bucket. Written out: lots are read by the thousand, and all of them are to be of one shape. */
export function byBucket<T>(of: (bucket: LotBucket) => T): Record<LotBucket, T> {
  return {
    undelivered: of('undelivered'),
    pending: of('pending'),
    available: of('available'),
    held: of('held'),
    redeemed: of('redeemed'),
    expired: of('expired'),
    returned: of('returned'),
    settled: of('settled'),
    moved: of('moved'),
    cancelled: of('cancelled'),
  };
}

/** Where points of a lot can come from; `issued` fills a new lot. */
export type Bucket = LotBucket | 'issued';

/** Where a movement can begin: what an account owes comes from nowhere, or leaves for another account. */
export type Source = Bucket | 'none' | 'debt';

/** Where a movement can end. */
export type Destination = LotBucket | 'debt' | 'none';

/** What a lot that waits for an event waits for. */
export interface Awaiting extends AwaitedEvent {
  /** What its expiry will be worked out from. */
  readonly expiryPolicy: ExpiryPolicy;
}

/** Points granted together: one origin, one expiry, one allocated amount. */
export interface Lot extends Readonly<Record<LotBucket, Points>> {
  readonly lotId: LotId;
  readonly memberId: MemberId;
  readonly origin: LotOrigin;
  readonly purchaseId: PurchaseId | null;
  /**
   * The buyer of its receipt, after merges, and the account that the buyer's figures are kept under. Read only of a lot
   * that waits and may be another's than `memberId`'s; else null.
   */
  readonly buyer: Buyer | null;
  readonly rule: VersionRef | null;
  readonly lines: readonly LinePoints[];
  readonly points: Points;
  readonly allocated: SubLedgerAmount;
  readonly valuation: Valuation | null;
  readonly earnedAt: Instant;
  readonly availableAt: Instant;
  /** When it was to be usable before it was made so by hand; else null. */
  readonly plannedAt: Instant | null;
  /** Exclusive end; null never expires. Of a sliding lot, the account's. */
  readonly expiresAt: Instant | null;
  /** The expiry it was granted with, once it was given another; else null. */
  readonly firstExpiresAt: Instant | null;
  /** Whether every activity of the account moves the end. */
  readonly slides: boolean;
  /** Null unless an event is awaited. */
  readonly awaits: Awaiting | null;
  /** The posting date with which its points began to be promised or owed; null before its first movement. */
  readonly postedOn: LocalDate | null;
  /** The lot of another account that it continues, and the first of that line; null for a lot granted here. */
  readonly parentLotId: LotId | null;
  readonly rootLotId: LotId | null;
  /** When its points last moved. Nothing moves them before that, so what it held at any instant it really held. */
  readonly movedAt: Instant;
  /** The latest posting date of its movements; nothing is posted before it. Null where it is not known. */
  readonly movedOn: LocalDate | null;
}

/** When a movement happens, and on which day it stands in the books. */
export interface Moment {
  readonly at: Instant;
  /** When it took effect, where that is not the same. */
  readonly effectiveAt: Instant;
  readonly postedOn: LocalDate;
}

/** Points owed to the member. */
export function livePoints(lot: Readonly<Record<LotBucket, Points>>): Points {
  return lot.pending + lot.available + lot.held;
}

/** Points with something still to happen to them. */
export function openPoints(lot: Readonly<Record<LotBucket, Points>>): Points {
  return livePoints(lot) + lot.undelivered;
}

/** Points that carry no liability (any more): everything that is not owed. */
export function pointsOut(lot: Readonly<Record<LotBucket, Points>> & { readonly points: Points }): Points {
  return lot.points - livePoints(lot);
}

export function lotLiability(lot: Lot): SubLedgerAmount {
  return carryingAmount(lot, pointsOut(lot));
}

/**
 * Moves points of a lot from one bucket to another; `issued` fills a new lot.
 * @param moment when, not before the lot's own; absent where a plan works out what would be left.
 * @throws RangeError when the bucket has fewer points: callers plan against the lot, so that is a bug.
 */
export function movePoints(
  lot: Lot,
  from: Bucket,
  to: LotBucket,
  points: Points,
  moment: Moment | null = null,
): Lot {
  if (!Number.isSafeInteger(points) || points <= 0) throw new RangeError(`cannot move ${points} points`);
  if (from !== 'issued' && lot[from] < points)
    throw new RangeError(`${lot.lotId} has ${lot[from]} points ${from}, not ${points}`);
  if (from === to && moment === null) return lot;
  const moved: { -readonly [K in keyof Lot]: Lot[K] } = { ...lot };
  if (from !== to) {
    if (from !== 'issued') moved[from] -= points;
    moved[to] += points;
  }
  if (moment !== null) {
    moved.movedAt = moment.at;
    moved.movedOn = moment.postedOn;
  }
  return moved;
}

/**
 * Spending order: earliest expiry, then earliest earned, then id; never-expiring last
 * (docs/decisions.md#spending-order).
 */
export function compareSpendingOrder(a: Lot, b: Lot): number {
  const expiryA = a.expiresAt ?? Infinity;
  const expiryB = b.expiresAt ?? Infinity;
  if (expiryA !== expiryB) return expiryA < expiryB ? -1 : 1;
  if (a.earnedAt !== b.earnedAt) return a.earnedAt - b.earnedAt;
  if (a.lotId === b.lotId) return 0;
  return a.lotId < b.lotId ? -1 : 1;
}

/** Whether its last instant has passed by `now`. */
export function isPastExpiry(lot: Lot, now: Instant): boolean {
  return lot.expiresAt !== null && lot.expiresAt <= now;
}
