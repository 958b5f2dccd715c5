/** A redemption as domain events tell it. */
import type { MemberId, PurchaseId, RedemptionId } from '../../kernel/ids.js';
import type { LotPoints } from '../../kernel/lot-facts.js';
import type { Points } from '../../kernel/points.js';
import type { Instant } from '../../kernel/time.js';
import type { VersionRef } from '../../kernel/version-ref.js';

/** A redemption is `reversed` once all its points came back; with a part of them back it is still `captured`. */
export type RedemptionStatus = 'authorised' | 'captured' | 'voided' | 'reversed';

/** `notNeeded`: the receipt that named the hold had a points tender that others covered. */
export type VoidReason = 'requested' | 'holdExpired' | 'notNeeded';

export interface RedemptionFacts {
  readonly redemptionId: RedemptionId;
  readonly memberId: MemberId;
  readonly status: RedemptionStatus;
  readonly points: Points;
  /** Where the points came from, in the order they were taken; reversals leave it as it was. */
  readonly lots: readonly LotPoints[];
  /** What of the points came back after they were used. */
  readonly reversedPoints: Points;
  readonly reward: VersionRef | null;
  /** Whether one of a counted stock went with it. */
  readonly stocked: boolean;
  /** What the till takes off the basket, minor units. */
  readonly discountMinor: number;
  readonly voucher: string | null;
  readonly externalId: string | null;
  readonly authorisedAt: Instant;
  /** When the hold lapses; null once captured or voided. */
  readonly holdExpiresAt: Instant | null;
  /** Why it was voided; null otherwise. */
  readonly voidReason: VoidReason | null;
  /** The receipt that used it. */
  readonly purchaseId: PurchaseId | null;
  /** The API key that made it; each later step's is in its event. Null for those of the time before it was kept. */
  readonly actor: string | null;
}
