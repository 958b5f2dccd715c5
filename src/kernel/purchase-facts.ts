/** A receipt as domain events tell it. */
import type { PurchaseId, RedemptionId } from './ids.js';
import type { Instant, LocalDate } from './time.js';

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
  /** Which terminal of the source numbered it, and how; absent where the receipt does not say. */
  readonly terminal?: TerminalNumber;
}

/** A terminal's own consecutive number of a receipt. A terminal is known by its source and its id. */
export interface TerminalNumber {
  readonly id: string;
  /** A whole number from 0. */
  readonly sequence: number;
}
