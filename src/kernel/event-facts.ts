/** What domain events tell: receipts, lots, returns, redemptions, transfers as facts, without behaviour. */
import type { ExpiryPolicy } from './expiry-policy.js';
import type {
  AccountId,
  AdjustmentId,
  LotId,
  MemberId,
  PurchaseId,
  RedemptionId,
  ReturnId,
  TransferId,
} from './ids.js';
import type { SubLedgerAmount } from './money.js';
import type { Points } from './points.js';
import type { Instant, LocalDate } from './time.js';

/** Head and adults earn and redeem, earners only earn. */
export type HouseholdRole = 'head' | 'adult' | 'earner';

/** One of the two sides of a merge as it was before. */
export interface MergedMember {
  readonly memberId: MemberId;
  readonly accountId: AccountId;
  readonly status: string;
  /** All members who were merged into this one before. */
  readonly mergedFrom: readonly MemberId[];
}

/** What tiers count of one business day. */
export interface MeasuredDay {
  readonly day: LocalDate;
  readonly spendMinor: number;
  readonly points: Points;
  readonly visits: number;
}

/** What a rule with limits gave on the receipts of one business day. */
export interface CountedDay {
  readonly ruleId: string;
  readonly day: LocalDate;
  readonly points: Points;
  readonly times: number;
}

/**
 * Why points change accounts: a member sends some; a member joins or leaves a household; two members turn out to be
 * one; points that came back to an account whose member has another one by now follow them.
 */
export type TransferKind = 'member' | 'join' | 'leave' | 'merge' | 'follow';

export interface TransferSide {
  readonly accountId: AccountId;
  readonly memberId: MemberId;
}

export interface TransferFacts {
  readonly transferId: TransferId;
  readonly kind: TransferKind;
  readonly points: Points;
  /** Debt that went along. */
  readonly debt: Points;
  readonly from: TransferSide;
  readonly to: TransferSide;
  readonly lots: readonly TransferredLot[];
  readonly note: string | null;
  readonly externalId: string | null;
  readonly transferredAt: Instant;
}

/** A part of a lot and the child that continues it. */
export interface TransferredLot {
  readonly lotId: LotId;
  readonly childLotId: LotId;
  readonly from: GrantState;
  readonly points: Points;
  /** The child's exclusive end; null never, or not known yet. */
  readonly expiresAt: Instant | null;
}

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
  /**
   * What of the quantity was given for a reward and earns nothing by the unit; absent in receipts stored before it
   * existed.
   */
  readonly rewardedQuantity?: string;
  /** The reward that the line hands over, one of the receipt's redemptions: it comes back with the line's goods. */
  readonly redemptionId?: RedemptionId;
  /** What the line costs in minor units, tax included, as if all of it were paid in money. */
  readonly amountMinor: number;
  readonly taxMinor: number;
  /** Its list price with tax, where it has another stand-alone selling price than `amountMinor`; else absent. */
  readonly listMinor?: number;
  /** What the line is to us; absent: `own`. */
  readonly revenue?: LineRevenue;
  /** Of an `agent` line: what of the amount is ours, tax included, and the tax in it; absent on all others. */
  readonly commissionMinor?: number;
  readonly commissionTaxMinor?: number;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/**
 * What a line is to the seller: `own` goods and services; `agent`: another's, for a commission (IFRS 15.B36);
 * `none`: no revenue, such as a gift card, a deposit, a bill that is paid at the till.
 */
export type LineRevenue = 'own' | 'none' | 'agent';

/** What a tender is: `money` (a gift card is money that was paid before), points of the programme, a coupon. */
export type TenderKind = 'money' | 'points' | 'discount';

export interface Tender {
  readonly type: string;
  /** Absent where it follows from the type: `points` for that type, `money` for all others. */
  readonly kind?: TenderKind;
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

/** What of a line came back with one return. */
export interface ReturnedLine {
  readonly lineNo: number;
  /** Decimal string; "0" where money came back without goods. */
  readonly quantity: string;
  readonly amountMinor: number;
  readonly taxMinor: number;
}

/** What one return did to the points of a lot that the receipt opened. */
export interface ReturnedGrant {
  readonly lotId: LotId;
  /** Points that went with the goods, whatever had become of them. */
  readonly points: Points;
  /** Of these, what had expired or was cancelled before: there was nothing to take. */
  readonly gone: Points;
  /** Of these, what stays with the member because only pending points were to be taken. */
  readonly notTaken: Points;
}

/** What of a redemption used on the receipt came back, and the discount that it had given for it. */
export interface ReturnedRedemption {
  readonly redemptionId: RedemptionId;
  readonly points: Points;
  readonly discountMinor: number;
}

/** A return of goods of one receipt, as it is recorded. */
export interface ReturnFacts {
  readonly returnId: ReturnId;
  readonly source: string;
  readonly receiptNo: string;
  /** The adjustment that carried it out by hand; null for a till's. */
  readonly adjustmentId: AdjustmentId | null;
  readonly lines: readonly ReturnedLine[];
  readonly amountMinor: number;
  readonly taxMinor: number;
  /** Nothing of the receipt is left to be returned. */
  readonly whole: boolean;
  readonly grants: readonly ReturnedGrant[];
  /** What comes back in money: what the lines came to without what points and coupons had paid. */
  readonly refundMinor: number;
  readonly redemptions: readonly ReturnedRedemption[];
  /** Points that left an account, the receipt's own and those that filled the debt at once, by lot. */
  readonly takenFrom: readonly TakenPoints[];
  readonly pointsTaken: Points;
  /** By how much the account's debt grew. */
  readonly debt: Points;
  readonly forgiven: Points;
  /** What the till keeps back of the refund for points that were spent. */
  readonly keepFromRefundMinor: number;
}

/** How a lot is treated in the books (docs/accounting.md#kinds-of-points). */
export type LotOrigin = 'purchase' | 'non_purchase' | 'sale_compensation' | 'goodwill';

/** Why points moved: the kind of thing and its id. */
export interface Cause {
  readonly type: CauseType;
  readonly id: string;
}

/**
 * `expiry` and `activation` name the lot that came of age by itself, `closing` the member whose membership is closed,
 * `opening` the lot that was brought in from an old system.
 */
export type CauseType =
  | 'purchase'
  | 'return'
  | 'redemption'
  | 'expiry'
  | 'activation'
  | 'adjustment'
  | 'transfer'
  | 'closing'
  | 'opening';

/** Where the points of a new lot begin: usable, waiting, or not even owed before the goods are handed over. */
export type GrantState = 'available' | 'pending' | 'undelivered';

export interface LinePoints {
  readonly lineNo: number;
  readonly points: Points;
}

/**
 * What points are awarded for: its kind and id are the cause of the movements, and of the lot's opening. Further sources
 * add their kind to `CauseType`.
 */
export interface AwardSource {
  readonly kind: CauseType;
  readonly id: string;
  readonly occurredAt: Instant;
  readonly businessDate: LocalDate;
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
}

export interface AwaitedEvent {
  readonly event: string;
  readonly thenDays: number;
  readonly cancelAt: Instant;
}

/** A member whose measures and limits an event of an account changes, without being loaded with it. */
export interface FiguresOwner {
  readonly memberId: MemberId;
  /** The account the member was enrolled with, under which the figures are kept. */
  readonly homeAccountId: AccountId;
  /** The member no longer shares the account. */
  readonly left: boolean;
}

export interface ReturnedAward {
  readonly ruleId: string;
  readonly points: Points;
  /** Nothing of the award is left, so it no longer counts as given. */
  readonly whole: boolean;
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

/** What a rule's condition had to do with what the rule gave. */
export interface ConditionTrace {
  /** What the condition is on; `occasion` where there is neither a receipt nor an activity. */
  readonly on: 'receipt' | 'line' | 'activity' | 'occasion';
  /** Which of the parts that `&&` joins was not met, from 0; null where all were. */
  readonly part: number | null;
  /** What was read: of a part that was not met all of it, else what was read of the member. Null: not known. */
  readonly values: Readonly<Record<string, string | boolean | null>>;
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
    | 'limitReached'
    | 'memberNotActive'
    | 'conditionFalse'
    | 'conditionFailed';
  /** Minor units of the lines that counted. */
  readonly basisMinor: number;
  readonly points: Points;
  readonly multiplier: string | null;
  /** Which cap cut the points; null when none did. */
  readonly limitedBy: string | null;
  readonly rounding: 'floor' | null;
  /** Absent where no condition decided anything. */
  readonly condition?: ConditionTrace;
}

export interface ValuedAward extends Award {
  /** What it was awarded for. One valuation may have awards of several sources. */
  readonly source: Cause;
  /** Deferred revenue of the award; 0 for non-purchase points. */
  readonly allocated: SubLedgerAmount;
  /** Null where there was nothing to value. */
  readonly valuation: Valuation | null;
}

export interface LotGrant extends Omit<ValuedAward, 'rule' | 'source'> {
  /** What it was awarded for, where that is not the cause of the whole grant; else absent. */
  readonly source?: Cause;
  readonly lotId: LotId;
  /** The earning rule; null for points given otherwise. */
  readonly rule: VersionRef | null;
  readonly state: GrantState;
  /** When they were earned, where that is not when they come into the ledger; else absent. */
  readonly earnedAt?: Instant;
}

/** The buyer of what points came with, as the member is now, and the account that the buyer's figures are kept under. */
export interface Buyer {
  readonly memberId: MemberId;
  readonly homeAccountId: AccountId;
}

/** A lot that continues another account's. */
export interface ReceivedLot extends LotGrant {
  /** The member whose purchases earned it; kept over transfers within a household. */
  readonly memberId: MemberId;
  /** Of the lot the points left; null where it was not asked for, or is the member of that lot. */
  readonly buyer: Buyer | null;
  readonly purchaseId: PurchaseId | null;
  readonly earnedAt: Instant;
  /** The lot the points left, and the first of the line. */
  readonly parentLotId: LotId;
  readonly rootLotId: LotId;
  /** When the points of the lot they left last moved, and the day it was posted on: they do not arrive before. */
  readonly movedAt: Instant;
  readonly movedOn: LocalDate | null;
}

export interface LotPoints {
  readonly lotId: LotId;
  readonly points: Points;
}

/** Points that a return took, with the account where that is not the return's: they waited there. */
export interface TakenPoints extends LotPoints {
  readonly accountId?: AccountId;
}

/** Points of a lot in one of the buckets they can be taken from. */
export interface BucketPoints extends LotPoints {
  readonly from: 'undelivered' | 'pending' | 'available' | 'settled';
}

/** Points of a lot that come a step nearer to use, and the terms that hold for the lot from then on. */
export interface ActivatedPoints extends LotPoints {
  readonly from: 'undelivered' | 'pending';
  /** When they become usable; null while an event is awaited. */
  readonly availableAt: Instant;
  readonly expiresAt: Instant | null;
}

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
