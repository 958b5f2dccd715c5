import type {
  LinePoints,
  LotOrigin,
  PurchaseFacts,
  StatusAward,
  VersionRef,
} from '../../kernel/domain-events.js';
import type { LotId, MemberId, ReturnId, UndoneId } from '../../kernel/ids.js';
import type { Points } from '../../kernel/points.js';
import type { Instant } from '../../kernel/time.js';
import type { ReturnedGrant, ReturnedLine, ReturnedStatus, ReturnFacts } from './return-facts.js';

/** A lot as a receipt opened it; what became of its points since is the ledger's to know. */
export interface PurchaseGrant {
  readonly lotId: LotId;
  readonly rule: VersionRef;
  readonly origin: LotOrigin;
  readonly points: Points;
  /** Which lines earned how much of it. */
  readonly lines: readonly LinePoints[];
  /** Given up while it waited: what is gone of it counts for tiers and caps no more since. */
  readonly cancelled: boolean;
  /** Points of it that ended in accounts the member has had before. */
  readonly goneElsewhere: Points;
}

/** An earlier return of a receipt, or an undo of what a rule gave for it: that has no lines and no redemptions. */
export interface RecordedReturn {
  readonly returnId: ReturnId | UndoneId;
  readonly occurredAt: Instant;
  readonly lines: readonly ReturnedLine[];
  /** Points taken back for it, by the lot the receipt opened. */
  readonly grants: readonly ReturnedGrant[];
  readonly status: readonly ReturnedStatus[];
  readonly redemptions: ReturnFacts['redemptions'];
}

/** A recorded receipt with what it earned and what came back of it, as a return needs it. */
export interface RecordedPurchase {
  readonly facts: PurchaseFacts;
  /** The member who made it, or the survivor if that member was merged. */
  readonly memberId: MemberId;
  /** Whether the member could earn when the receipt was recorded: an inactive one's was not counted. */
  readonly counted: boolean;
  /** The explanation as it was stored; only earning knows its form. */
  readonly trace: unknown;
  readonly grants: readonly PurchaseGrant[];
  /** What it gave that counts for ladders and has no lot of its own. */
  readonly status: readonly StatusAward[];
  /** In the order in which they were recorded. */
  readonly returns: readonly RecordedReturn[];
}
