import type { LinePoints, LotOrigin, PurchaseFacts, VersionRef } from '../../kernel/domain-events.js';
import type { LotId, MemberId, ReturnId } from '../../kernel/ids.js';
import type { Points } from '../../kernel/points.js';
import type { Instant } from '../../kernel/time.js';

/** A lot as a receipt opened it; what became of its points since is the ledger's to know. */
export interface PurchaseGrant {
  readonly lotId: LotId;
  readonly rule: VersionRef;
  readonly origin: LotOrigin;
  readonly points: Points;
  /** Which lines earned how much of it. */
  readonly lines: readonly LinePoints[];
}

/** What of a line came back with one return. */
export interface ReturnedLine {
  readonly lineNo: number;
  /** Decimal string. */
  readonly quantity: string;
  readonly amountMinor: number;
  readonly taxMinor: number;
}

/** An earlier return of a receipt. */
export interface RecordedReturn {
  readonly returnId: ReturnId;
  readonly occurredAt: Instant;
  readonly lines: readonly ReturnedLine[];
  /** Points taken back for it, by the lot the receipt opened. */
  readonly grants: readonly { readonly lotId: LotId; readonly points: Points }[];
  /** Points of redemptions used on the receipt that came back. */
  readonly redemptions: readonly { readonly redemptionId: string; readonly points: Points }[];
}

/** A recorded receipt with what it earned and what came back of it, as a return needs it. */
export interface RecordedPurchase {
  readonly facts: PurchaseFacts;
  readonly memberId: MemberId;
  /** Whether the member could earn when the receipt was recorded: an inactive one's was not counted. */
  readonly counted: boolean;
  readonly grants: readonly PurchaseGrant[];
  /** In the order in which they were recorded. */
  readonly returns: readonly RecordedReturn[];
}
