import type { LinePoints, LotOrigin, Valuation, VersionRef } from '../../kernel/domain-events.js';
import type { LotId, MemberId, PurchaseId } from '../../kernel/ids.js';
import type { SubLedgerAmount } from '../../kernel/money.js';
import type { Points } from '../../kernel/points.js';
import type { Instant } from '../../kernel/time.js';
import { carryingAmount } from './carrying-amount.js';

/** Where points of a lot can be. `issued` is where they come from, the last four are where they end. */
export const BUCKETS = ['issued', 'available', 'held', 'redeemed', 'expired'] as const;
export type Bucket = (typeof BUCKETS)[number];
/** Buckets a lot counts; together they always add up to its points. */
export type LotBucket = Exclude<Bucket, 'issued'>;

/** Points granted together: one origin, one expiry, one allocated amount. */
export interface Lot extends Readonly<Record<LotBucket, Points>> {
  readonly lotId: LotId;
  readonly memberId: MemberId;
  readonly origin: LotOrigin;
  readonly purchaseId: PurchaseId | null;
  readonly rule: VersionRef | null;
  readonly lines: readonly LinePoints[];
  readonly points: Points;
  readonly allocated: SubLedgerAmount;
  readonly valuation: Valuation | null;
  readonly earnedAt: Instant;
  readonly availableAt: Instant;
  /** Exclusive end; null never expires. */
  readonly expiresAt: Instant | null;
}

/** Points that have left the liability. */
export function pointsOut(lot: Lot): Points {
  return lot.redeemed + lot.expired;
}

/** Points still owed to the member. */
export function livePoints(lot: Lot): Points {
  return lot.available + lot.held;
}

export function lotLiability(lot: Lot): SubLedgerAmount {
  return carryingAmount(lot, pointsOut(lot));
}

/**
 * Moves points of a lot from one bucket to another; `issued` fills a new lot.
 * @throws RangeError when the bucket has fewer points: callers plan against the lot, so that is a bug.
 */
export function movePoints(lot: Lot, from: Bucket, to: LotBucket, points: Points): Lot {
  if (!Number.isSafeInteger(points) || points <= 0) throw new RangeError(`cannot move ${points} points`);
  if (from === 'issued') return { ...lot, [to]: lot[to] + points };
  if (lot[from] < points) throw new RangeError(`${lot.lotId} has ${lot[from]} points ${from}, not ${points}`);
  return { ...lot, [from]: lot[from] - points, [to]: lot[to] + points };
}

/** Spending order: earliest expiry, then earliest earned, then id; never-expiring last (DESIGN section 4). */
export function compareSpendingOrder(a: Lot, b: Lot): number {
  const expiryA = a.expiresAt ?? Infinity;
  const expiryB = b.expiresAt ?? Infinity;
  if (expiryA !== expiryB) return expiryA < expiryB ? -1 : 1;
  if (a.earnedAt !== b.earnedAt) return a.earnedAt - b.earnedAt;
  return a.lotId < b.lotId ? -1 : 1;
}

/** Whether its last instant has passed. */
export function isPastExpiry(lot: Lot, now: Instant): boolean {
  return lot.expiresAt !== null && lot.expiresAt <= now;
}
