import type {
  AccountId,
  HouseholdId,
  Id,
  LotId,
  MemberId,
  PurchaseId,
  RedemptionId,
  ReturnId,
} from './ids.js';
import type { Points } from './points.js';
import type { Instant, LocalDate } from './time.js';
import type { AuditedAction } from './audited-actions.js';
import type { AdjustmentRecord } from './adjustment-facts.js';
import type {
  ActivatedPoints,
  Award,
  AwardSource,
  BucketPoints,
  Cause,
  CountedDay,
  HouseholdRole,
  LotGrant,
  LotPoints,
  MeasuredDay,
  MergedMember,
  PurchaseFacts,
  ReceivedLot,
  RedemptionFacts,
  ReturnFacts,
  ReturnedAward,
  RuleTrace,
  TransferFacts,
  ValuedAward,
  VersionRef,
} from './event-facts.js';

export type * from './adjustment-facts.js';
export type * from './event-facts.js';

/**
 * The one map of domain events: what modules tell each other inside a decision. Reactors and slices see
 * these; what leaves the process after commit are their published forms (`public-event.ts`).
 */
export interface DomainEventMap {
  /** A receipt was accepted. First link of the chain: earning, tiers, gifts, finance, ledger. */
  'purchase.recorded': { readonly purchase: PurchaseFacts; readonly memberActive: boolean };
  /**
   * A reactor awarded points; they have no money and no lot yet. Several may, for one receipt: what a sale gave is valued
   * once, after all of them.
   */
  'points.awarded': {
    readonly source: AwardSource;
    readonly awards: readonly Award[];
    /** The trace of every rule in force, as it is stored and shown. */
    readonly explanation: readonly RuleTrace[];
    /** What rules with limits gave, to be counted for the receipt's business day. */
    readonly counted: readonly { readonly ruleId: string; readonly points: Points }[];
    /** Exclusive end that the receipt, being an activity, gives all sliding points of the account; null when it moves none. */
    readonly slidingExpiresAt: Instant | null;
  };
  /** Finance put the deferred revenue to each award of a source, whichever reactor awarded it. */
  'awards.valued': {
    /** The source that was valued; what it led to in the same command is with it. */
    readonly source: AwardSource;
    readonly awards: readonly ValuedAward[];
    /** As in `points.awarded`. */
    readonly slidingExpiresAt: Instant | null;
  };
  /** Goods of a receipt came back. Last link of a return: its points and redemptions have gone their ways before. */
  'purchase.returned': {
    readonly returned: ReturnFacts;
    readonly purchase: PurchaseFacts;
    /** Whether the receipt was counted for its member: one of an inactive member is not. */
    readonly counted: boolean;
    /** Purchase points that no longer count as earned, spent ones included. */
    readonly points: Points;
    /** Other goods are bought for them in the same command; absent where none are. */
    readonly exchanged?: true;
  };
  /** Goods came back and others were bought for them: what both leave can be looked at. Last link of an exchange. */
  'purchase.exchanged': {
    readonly returned: ReturnFacts;
    readonly purchase: PurchaseFacts;
    /** As in `purchase.returned`. */
    readonly counted: boolean;
  };
  /** Points of a receipt's awards were taken back, so that their rules may give as much again. */
  'awards.returned': {
    readonly purchaseId: PurchaseId;
    /** The purchase's, whose periods get the points back. */
    readonly businessDate: LocalDate;
    readonly awards: readonly ReturnedAward[];
  };
  /** Points of a receipt were given up before they could be used, so they no longer count as earned. */
  'awards.cancelled': {
    /** For whom they counted: who bought, not always who the command speaks for. */
    readonly memberId: MemberId;
    /** The account the buyer was enrolled with; null where they are on the account loaded. */
    readonly homeAccountId: AccountId | null;
    readonly purchaseId: PurchaseId;
    /** Lots that the receipt opened and what was given up of them, there or in what continues them. */
    readonly lots: readonly LotPoints[];
    /** The points waited in another account than the one loaded, which is the buyer's. */
    readonly elsewhere: boolean;
    /** The purchase's, whose measures they counted for. */
    readonly earnedAt: Instant;
    readonly businessDate: LocalDate;
    /** Purchase points. */
    readonly points: Points;
    readonly awards: readonly ReturnedAward[];
  };
  /** The ledger opened lots. */
  'lots.granted': {
    readonly cause: Cause;
    /** The receipt they came with; null for points given otherwise. */
    readonly purchaseId: PurchaseId | null;
    readonly lots: readonly LotGrant[];
  };
  /** What points awaited came, and they are usable a while later; those of goods handed over are owed from now on. */
  'points.delivered': { readonly cause: Cause; readonly lots: readonly ActivatedPoints[] };
  /** Points that were waiting became usable. */
  'points.activated': { readonly cause: Cause; readonly lots: readonly ActivatedPoints[] };
  /** Waiting points were given up before they could be used. */
  'points.cancelled': { readonly cause: Cause; readonly lots: readonly BucketPoints[] };
  /** Usable points were taken away for good, by an adjustment or because the membership is closed. */
  'points.forfeited': { readonly cause: Cause; readonly lots: readonly LotPoints[] };
  /** A correction took back points of an adjustment's lots. */
  'points.corrected': { readonly cause: Cause; readonly lots: readonly BucketPoints[] };
  /** Points that an adjustment had forfeited came back to their own lots. */
  'points.unforfeited': { readonly cause: Cause; readonly lots: readonly LotPoints[] };
  /** A return took back points of its own receipt's lots. */
  'points.returned': { readonly cause: Cause; readonly lots: readonly BucketPoints[] };
  /** Points of any lot filled a debt. */
  'debt.settled': {
    readonly cause: Cause;
    readonly lots: readonly LotPoints[];
    /** What they fill was open when it occurred, though the debt has grown since. */
    readonly wasOpen?: true;
  };
  /** The account owes points that it no longer had. */
  'debt.incurred': { readonly cause: Cause; readonly points: Points };
  /** What the account owes is owed by another account from now on. */
  'debt.moved': { readonly cause: Cause; readonly points: Points };
  /** Used points came back to their own lots. */
  'points.restored': {
    readonly redemptionId: RedemptionId;
    readonly cause: Cause;
    /** `expiresAt` is the lot's expiry from now on where it was moved; absent where it stays. */
    readonly lots: readonly (LotPoints & { readonly expiresAt?: Instant })[];
  };
  /** Lots live longer by somebody's decision. */
  'lots.extended': {
    readonly cause: Cause;
    readonly lots: readonly { readonly lotId: LotId; readonly expiresAt: Instant }[];
  };
  /** The date on which all sliding lots of the account expire moved on. */
  'expiry.slid': { readonly cause: Cause; readonly expiresAt: Instant };
  /** Points left for another account, with their share of the liability. */
  'points.sent': { readonly cause: Cause; readonly lots: readonly BucketPoints[] };
  /** Points came from another account as child lots. */
  'lots.received': { readonly cause: Cause; readonly lots: readonly ReceivedLot[] };
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
  /** Points will expire soon, unless they are used. */
  'expiry.announced': {
    readonly expiresAt: Instant;
    readonly points: Points;
    readonly memberIds: readonly MemberId[];
  };
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
  /** A hold lasts longer. */
  'redemption.extended': { readonly redemption: RedemptionFacts };
  /** Used points come back, all or part; the redemption is as it is after. */
  'redemption.reversed': {
    readonly redemption: RedemptionFacts;
    readonly lots: readonly LotPoints[];
    readonly cause: Cause;
    /** What somebody said about it. */
    readonly reason?: string;
  };
  /** An adjustment above its reason's limit waits for somebody else's approval; no points move yet. */
  'adjustment.requested': AdjustmentRecord;
  /** An adjustment took effect, at once or on approval; the points moved beside it. */
  'adjustment.posted': AdjustmentRecord;
  /** More of the points of a posted correction were taken, in another account. */
  'adjustment.continued': AdjustmentRecord;
  /** Somebody else refused a requested adjustment. */
  'adjustment.rejected': AdjustmentRecord;
  /** Points, or a debt, went from one account to another; emitted on both. */
  'transfer.completed': { readonly transfer: TransferFacts };
  /** An account that several members share was opened. Its head joins next. */
  'household.created': {
    readonly householdId: HouseholdId;
    readonly name: string | null;
    readonly headMemberId: MemberId;
  };
  /** A member shares the account from now on. */
  'household.joined': {
    readonly householdId: HouseholdId;
    readonly memberId: MemberId;
    readonly role: HouseholdRole;
  };
  /** A member went back to the account they were enrolled with. */
  'household.left': {
    readonly householdId: HouseholdId;
    readonly memberId: MemberId;
    readonly homeAccountId: AccountId;
    /** They were the last, and the household is no more. */
    readonly closed: boolean;
  };
  'household.roleChanged': {
    readonly householdId: HouseholdId;
    readonly memberId: MemberId;
    readonly role: HouseholdRole;
    /** Who was the head and is an adult from now on; null where the head stays who it was. */
    readonly formerHead: MemberId | null;
  };
  /** The membership ended for good, on the account that the member acts on. */
  'member.closed': {
    /** The member's statuses and since when, earliest first, with this one. */
    readonly statusChanges: readonly (readonly [
      status: 'active' | 'suspended' | 'closed' | 'merged',
      at: Instant,
    ])[];
  };
  /** No open membership is left on the account, whose points are kept until then. */
  'closing.graceBegan': { readonly forfeitsAt: Instant };
  /** What points there are now are forfeited, unless a membership is open again on the account. */
  'closing.graceEnded': Record<never, never>;
  /** Two members turned out to be one; emitted on the work of both. */
  'member.merged': {
    readonly survivor: MergedMember;
    readonly duplicate: MergedMember;
    /** The role they have in the household that both were in; null where they were in none. */
    readonly role: HouseholdRole | null;
    /** What the duplicate did, day by day, which counts for the survivor's tier from now on. */
    readonly days: readonly MeasuredDay[];
    /** What rules with limits gave the duplicate, which counts against the survivor's limits from now on. */
    readonly counted: readonly CountedDay[];
    /** The tier that the duplicate had, and the ladder that gave it; null for the first one. */
    readonly tier: { readonly key: string; readonly tierSet: VersionRef } | null;
  };
  /** An entry for the audit log about what the command does. */
  'act.audited': {
    readonly auditId: Id<'adt'>;
    readonly action: AuditedAction;
    /** What was acted on: an id, or `kind/id`. */
    readonly subject: string;
    /** The member whom it concerns. */
    readonly memberId: MemberId;
    readonly before: unknown;
    readonly after: unknown;
  };
  'tier.changed': {
    readonly from: string | null;
    readonly to: string;
    readonly since: Instant;
    readonly tierSet: VersionRef;
    readonly cause:
      | { readonly type: 'purchase'; readonly id: PurchaseId }
      | { readonly type: 'return'; readonly id: ReturnId; readonly purchaseId: PurchaseId }
      | { readonly type: 'cancellation'; readonly purchaseId: PurchaseId }
      | { readonly type: 'merge'; readonly id: MemberId };
  };
}

export type DomainEventType = keyof DomainEventMap;

/** What happens by itself, by a date or by a job, has this for an actor. */
export const ENGINE = 'engine';

export interface EventContext {
  readonly accountId: AccountId;
  readonly memberId: MemberId;
  /** When it happened in business terms. */
  readonly occurredAt: Instant;
  /** When we came to know of it. */
  readonly recordedAt: Instant;
  /** When what it is about happened, where points move later than that: of a return, when the goods came back. */
  readonly effectiveAt: Instant | null;
  /** Its command dates it further back than the programme lets its kind be dated. */
  readonly beyondBound: boolean;
  /** The API key that asked for it, or `ENGINE`. */
  readonly actor: string;
}

export interface DomainEventOf<T extends DomainEventType> extends EventContext {
  readonly type: T;
  readonly data: DomainEventMap[T];
}

export type DomainEvent = { [T in DomainEventType]: DomainEventOf<T> }[DomainEventType];
