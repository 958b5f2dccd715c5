/** Points that were awarded, before and after they are valued: earning, finance and the ledger pass them on. */
import type { ExpiryPolicy } from './expiry-policy.js';
import type { MilestoneId, PurchaseId } from './ids.js';
import type { Cause, CauseType, LinePoints, LotOrigin } from './lot-facts.js';
import type { SubLedgerAmount } from './money.js';
import type { Points } from './points.js';
import type { PurchaseLine } from './purchase-facts.js';
import type { Instant, LocalDate } from './time.js';
import type { VersionRef } from './version-ref.js';

/**
 * What points are awarded for: its kind and id are the cause of the movements, and of the lot's opening. Further sources
 * add their kind to `CauseType`.
 */
export interface AwardSource {
  readonly kind: CauseType;
  readonly id: string;
  readonly occurredAt: Instant;
  readonly businessDate: LocalDate;
  /** The receipt whose price it shares, where it came with one and is none itself. */
  readonly purchaseId?: PurchaseId;
  /** What was sold, where it was a sale. */
  readonly lines?: readonly PurchaseLine[];
}

export interface Award {
  readonly rule: VersionRef;
  readonly origin: LotOrigin;
  readonly points: Points;
  /** Largest-remainder attribution to the lines that earned it; adds up to `points`. */
  readonly lines: readonly LinePoints[];
  /** From when on the points may be spent; the receipt's own instant while they await an event. */
  readonly availableAt: Instant;
  /** Exclusive end; null never expires, slides, or is worked out once the awaited event has come. */
  readonly expiresAt: Instant | null;
  /**
   * What makes the points usable, how many days after, and when they lapse without it; null when no event is
   * awaited.
   */
  readonly awaits: AwaitedEvent | null;
  /** Whether every activity of the account moves the end. */
  readonly slides: boolean;
  /** What `expiresAt` was, or will be, worked out from. */
  readonly expiryPolicy: ExpiryPolicy;
  /** Absent or undefined for what is no milestone. */
  readonly milestone?: MilestoneMark | undefined;
}

/**
 * The steps of a milestone that an award is for. They do not go with the goods of the receipt that reached them, and
 * count for no tier.
 */
export interface MilestoneMark {
  readonly milestoneId: MilestoneId;
  /** The first of the versions of the rule that count together. */
  readonly run: number;
  /** The first day that counts in the period. */
  readonly firstDay: LocalDate;
  readonly steps: number;
}

/** Status points that a rule gave: they count for ladders, and there is no lot of them. */
export interface StatusAward {
  readonly rule: VersionRef;
  readonly points: Points;
  /** Largest-remainder attribution to the lines that earned them. */
  readonly lines: readonly LinePoints[];
  /** The rule gave as many points, whose lot tells what becomes of both. */
  readonly withPoints: boolean;
}

export interface AwaitedEvent {
  readonly event: string;
  readonly thenDays: number;
  readonly cancelAt: Instant;
}

export interface ValuedAward extends Award {
  /** What it was awarded for. One valuation may have awards of several sources. */
  readonly source: Cause;
  /** Deferred revenue of the award; 0 for non-purchase points. */
  readonly allocated: SubLedgerAmount;
  /** Null where there was nothing to value. */
  readonly valuation: Valuation | null;
}

/** What a lot's money was worked out from, frozen at the sale (IFRS 15.88). */
export interface Valuation {
  readonly policyVersion: number;
  /** `given`: what an old system had it at. */
  readonly method: 'relative_ssp' | 'given';
  /** Major currency units a point is worth, as the policy says it. */
  readonly valuePerPoint: string;
  readonly redemptionProbability: string;
  readonly taxRate: string;
  /**
   * Of points that came with a sale: its price and what its goods sell for by themselves, major units without tax, and
   * how many of its points shared in the price. Absent from lots of before they were kept.
   */
  readonly transactionPrice?: string;
  readonly goodsSsp?: string;
  readonly pointsValued?: Points;
  /**
   * Why nothing was allocated: the receipt is of before the programme's first month in the books, or the points filled
   * a debt in the command that granted them.
   */
  readonly unallocated?: 'beforeBooks' | 'debt';
  /** Of points that were brought in: the old system, and what it knows them by. */
  readonly opening?: OpeningRef;
}

/** Where points of an opening balance come from. */
export interface OpeningRef {
  readonly source: string;
  readonly externalId: string;
}
