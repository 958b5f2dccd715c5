/** A return as domain events tell it. */
import type { AccountId, AdjustmentId, LotId, RedemptionId, ReturnId } from '../../kernel/ids.js';
import type { LotPoints } from '../../kernel/lot-facts.js';
import type { Points } from '../../kernel/points.js';

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
  /** Of a milestone that is reached no more, by any lot of the member; absent of the receipt's own points. */
  readonly milestone?: { readonly ruleId: string; readonly steps: number };
}

/** What one return did to the status points that a rule had given for the receipt. */
export interface ReturnedStatus {
  readonly ruleId: string;
  readonly ruleVersion: number;
  /** Status points that went with the goods. */
  readonly points: Points;
  /** Of these, what counts no more from now on: the rest did not count before, or stays with the member. */
  readonly taken: Points;
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
  readonly status: readonly ReturnedStatus[];
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

/** Points that a return took, with the account where that is not the return's: they waited there. */
export interface TakenPoints extends LotPoints {
  readonly accountId?: AccountId;
}

export interface ReturnedAward {
  readonly ruleId: string;
  readonly ruleVersion: number;
  readonly points: Points;
  /** Of these points, those that had expired before. */
  readonly expired: Points;
  /** Nothing of the award is left, so it no longer counts as given. */
  readonly whole: boolean;
}
