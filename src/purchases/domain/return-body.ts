import type { PurchaseId, RedemptionId } from '../../kernel/ids.js';
import type { Instant } from '../../kernel/time.js';

/** Something that comes back: of a line by its number or, where the receipt is not known, by what was sold. */
export interface RequestedLine {
  readonly lineNo: number | null;
  readonly sku: string | null;
  /** Decimal string above 0; null where money comes back without goods. */
  readonly quantity: string | null;
  /** Minor units above 0; null where goods come back. */
  readonly amountMinor: number | null;
}

/** What happens to points that were spent before their goods came back. */
export type SpentPointsPolicy = 'debt' | 'deductFromRefund' | 'forgive';

/** What comes back, and on what terms. */
export interface ReturnRequest {
  /** Everything that is left; then `lines` is empty. */
  readonly whole: boolean;
  readonly lines: readonly RequestedLine[];
  /** Rewards of the receipt that come back whole, whatever else does; absent where none is named. */
  readonly redemptionIds?: readonly RedemptionId[];
  /** Null: as the programme has it. */
  readonly spentPoints: SpentPointsPolicy | null;
  /** Takes only points that are not usable yet. */
  readonly onlyPending: boolean;
}

/** A return as a till posts it, checked in form and normalised, with what was looked up for it. */
export interface ReturnBody extends ReturnRequest {
  readonly source: string;
  readonly receiptNo: string;
  readonly occurredAt: Instant;
  /** The receipt it is about; null where it is matched to the member's own. */
  readonly purchaseId: PurchaseId | null;
  /** Whether the till named the member, who must then be the receipt's. */
  readonly memberNamed: boolean;
  readonly lookedUp: LookedUp;
}

/** Read before the command was made; no part of what the caller said. All but `waiting` never changes. */
export interface LookedUp {
  /** The receipts it may be about. */
  readonly candidates: readonly PurchaseId[];
  /** One of which points wait, if possible in another account than its member's; null when none do. None begins to. */
  readonly waiting: PurchaseId | null;
  /** What must be loaded with them: their lots, the redemptions used on them, and those redemptions' lots. */
  readonly referencedIds: readonly string[];
  /** When the earliest of the receipts occurred; null where there is none. */
  readonly earliestAt: Instant | null;
}
