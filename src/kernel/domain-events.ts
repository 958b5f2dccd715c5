import type { AccountId, LotId, MemberId, PurchaseId, RedemptionId } from './ids.js';
import type { SubLedgerAmount } from './money.js';
import type { Points } from './points.js';
import type { Instant, LocalDate } from './time.js';

/**
 * The one map of domain events: what modules tell each other inside a decision. Reactors and slices see
 * these; what leaves the process after commit are their published forms (`public-event.ts`).
 */
export interface DomainEventMap {
  /** A receipt was accepted. First link of the chain purchases -> earning -> finance -> ledger -> tiers. */
  'purchase.recorded': { readonly purchase: PurchaseFacts; readonly memberActive: boolean };
  /** Earning worked out points; they have no money and no lot yet. */
  'points.awarded': {
    readonly purchase: PurchaseFacts;
    readonly awards: readonly Award[];
    /** The trace of every rule in force, as it is stored and shown. */
    readonly explanation: readonly RuleTrace[];
  };
  /** Finance put the deferred revenue to each award. */
  'awards.valued': { readonly purchase: PurchaseFacts; readonly awards: readonly ValuedAward[] };
  /** The ledger opened lots. */
  'lots.granted': { readonly purchaseId: PurchaseId; readonly lots: readonly LotGrant[] };
  /** Points left `available` for a hold. */
  'points.held': { readonly redemptionId: RedemptionId; readonly lots: readonly LotPoints[] };
  /** A hold gave its points back. */
  'points.released': { readonly redemptionId: RedemptionId; readonly lots: readonly LotPoints[] };
  /** Points were used up, out of a hold or straight from `available`. */
  'points.redeemed': {
    readonly redemptionId: RedemptionId;
    readonly from: 'available' | 'held';
    readonly lots: readonly LotPoints[];
  };
  /** Lots passed their last instant. */
  'points.expired': { readonly lots: readonly LotPoints[] };
  'redemption.authorised': { readonly redemption: RedemptionFacts };
  'redemption.captured': {
    readonly redemption: RedemptionFacts;
    /** True when there was no hold before. */
    readonly direct: boolean;
    /** What of the hold was not used and goes back. */
    readonly unused: readonly LotPoints[];
  };
  /** A captured redemption was tied to the receipt it was used on. */
  'redemption.used': { readonly redemption: RedemptionFacts };
  'redemption.voided': { readonly redemption: RedemptionFacts };
  'tier.changed': {
    readonly from: string | null;
    readonly to: string;
    readonly since: Instant;
    readonly tierSet: VersionRef;
    readonly cause: { readonly type: 'purchase'; readonly id: PurchaseId };
  };
}

export type DomainEventType = keyof DomainEventMap;

export interface EventContext {
  readonly accountId: AccountId;
  readonly memberId: MemberId;
  /** When it happened in business terms. */
  readonly occurredAt: Instant;
  /** When we came to know of it. */
  readonly recordedAt: Instant;
}

export interface DomainEventOf<T extends DomainEventType> extends EventContext {
  readonly type: T;
  readonly data: DomainEventMap[T];
}

export type DomainEvent = { [T in DomainEventType]: DomainEventOf<T> }[DomainEventType];

/** A published version of some configuration. */
export interface VersionRef {
  readonly id: string;
  readonly version: number;
}

export interface PurchaseLine {
  readonly lineNo: number;
  readonly sku: string;
  readonly category: string | null;
  readonly brand: string | null;
  /** Decimal string; pieces, kilograms, litres. */
  readonly quantity: string;
  /** What the customer paid for the line in minor units, tax included. */
  readonly amountMinor: number;
  readonly taxMinor: number;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface Tender {
  readonly type: string;
  readonly amountMinor: number;
}

export interface PurchaseFacts {
  readonly purchaseId: PurchaseId;
  readonly source: string;
  readonly receiptNo: string;
  readonly occurredAt: Instant;
  /** The business day in the programme's zone. */
  readonly businessDate: LocalDate;
  readonly currency: string;
  readonly channel: string | null;
  readonly lines: readonly PurchaseLine[];
  readonly tenders: readonly Tender[];
  readonly redemptionIds: readonly RedemptionId[];
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** `grant_basis` of the accounting model 1.1, as far as the engine grants them. */
export type LotOrigin = 'purchase' | 'non_purchase';

export interface LinePoints {
  readonly lineNo: number;
  readonly points: Points;
}

export interface Award {
  readonly rule: VersionRef;
  readonly origin: LotOrigin;
  readonly points: Points;
  /** Largest-remainder attribution to the lines that earned it; adds up to `points`. */
  readonly lines: readonly LinePoints[];
  readonly availableAt: Instant;
  /** Exclusive end; null never expires. */
  readonly expiresAt: Instant | null;
}

/** What a lot's money was worked out from, frozen at the sale (IFRS 15.88). */
export interface Valuation {
  readonly policyVersion: number;
  readonly method: 'relative_ssp';
  /** Major currency units a point is worth, as the policy says it. */
  readonly valuePerPoint: string;
  readonly redemptionProbability: string;
  readonly taxRate: string;
}

/** Why a rule gave what it gave: one entry for every rule in force, matched or not. */
export interface RuleTrace {
  readonly rule: VersionRef;
  readonly name: string;
  readonly matched: boolean;
  /** A stable reason code. */
  readonly why:
    | 'matched'
    | 'inactive'
    | 'ended'
    | 'noMatchingLine'
    | 'belowStep'
    | 'belowMinimum'
    | 'roundedToNothing'
    | 'memberNotActive';
  /** Minor units of the lines that counted. */
  readonly basisMinor: number;
  readonly points: Points;
  readonly multiplier: string | null;
  /** Which cap cut the points; null when none did. */
  readonly limitedBy: string | null;
  readonly rounding: 'floor' | null;
}

export interface ValuedAward extends Award {
  /** Deferred revenue of the award; 0 for non-purchase points. */
  readonly allocated: SubLedgerAmount;
  /** Null where there was nothing to value. */
  readonly valuation: Valuation | null;
}

export interface LotGrant extends ValuedAward {
  readonly lotId: LotId;
}

export interface LotPoints {
  readonly lotId: LotId;
  readonly points: Points;
}

export type RedemptionStatus = 'authorised' | 'captured' | 'voided';
export type VoidReason = 'requested' | 'holdExpired';

export interface RedemptionFacts {
  readonly redemptionId: RedemptionId;
  readonly memberId: MemberId;
  readonly status: RedemptionStatus;
  readonly points: Points;
  readonly lots: readonly LotPoints[];
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
}
