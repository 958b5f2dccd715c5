import type { LotId, MemberId, PurchaseId, RedemptionId } from '../kernel/ids.js';
import type { BucketPoints, Cause, LotPoints } from '../kernel/lot-facts.js';
import type { Points } from '../kernel/points.js';
import type { Instant } from '../kernel/time.js';
import type { ActivatedPoints, LotGrant, ReceivedLot } from './domain/lot-grant.js';
import type { TransferFacts } from './domain/transfer-facts.js';

declare module '../kernel/domain-events.js' {
  /** What this module emits inside a decision. */
  interface DomainEventMap {
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
    /** Lots got a later end by an adjustment. */
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
    /** Points, or a debt, went from one account to another; emitted on both. */
    'transfer.completed': { readonly transfer: TransferFacts };
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
  }
}
