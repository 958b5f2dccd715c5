/** New lots, and points that come nearer to use, as the ledger’s events tell it. */
import type { ValuedAward } from '../../kernel/award-facts.js';
import type { AccountId, LotId, MemberId, PurchaseId } from '../../kernel/ids.js';
import type { Cause, LotPoints } from '../../kernel/lot-facts.js';
import type { Instant, LocalDate } from '../../kernel/time.js';
import type { VersionRef } from '../../kernel/version-ref.js';

/** Where the points of a new lot begin: usable, waiting, or not even owed before the goods are handed over. */
export type GrantState = 'available' | 'pending' | 'undelivered';

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

/** Points of a lot that come a step nearer to use, and the terms that hold for the lot from then on. */
export interface ActivatedPoints extends LotPoints {
  readonly from: 'undelivered' | 'pending';
  /** When they become usable; null while an event is awaited. */
  readonly availableAt: Instant;
  readonly expiresAt: Instant | null;
}
