import type { TenderKind } from '../../kernel/domain-events.js';
import type { Instant } from '../../kernel/time.js';

/** A row of the file as it stands there. Row 1 is the header, as in a spreadsheet. */
export interface SourceRow {
  readonly row: number;
  readonly cells: readonly string[];
}

/** Why something did not go in: a stable code and a sentence for a person. */
export interface Fault {
  readonly code: string;
  readonly reason: string;
}

export interface RejectedRow extends SourceRow, Fault {}

/** One line of a receipt; `lineNo` is given when the receipt is complete. */
export interface LineContent {
  readonly sku: string;
  readonly category?: string;
  readonly brand?: string;
  readonly quantity?: string;
  readonly amountMinor: number;
  readonly taxMinor?: number;
  readonly listMinor?: number;
  readonly revenue?: string;
  readonly commissionMinor?: number;
  readonly commissionTaxMinor?: number;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** What a receipt, or a row of it, was paid with. */
export interface TenderContent {
  readonly type: string;
  readonly kind?: TenderKind;
  readonly amountMinor: number;
}

/** What every row of one receipt must say alike. */
export interface ReceiptContent {
  /** Absent for a customer who is no member. */
  readonly member?: string;
  readonly occurredAt: Instant;
  readonly channel?: string;
  readonly tenders?: readonly TenderContent[];
  readonly attributes?: Readonly<Record<string, string>>;
}

/** A row whose receipt is known: what it says, or what is wrong with it. */
export interface PlacedRow extends SourceRow {
  readonly source: string;
  readonly receiptNo: string;
  readonly receipt?: ReceiptContent;
  readonly line?: LineContent;
  /** In place of a line: what the row takes off the receipt, minor units. */
  readonly discountMinor?: number;
  /** The row's own part of what was paid. */
  readonly tenders?: readonly TenderContent[];
  /** The customer is no member. */
  readonly noMember?: true;
  readonly fault?: Fault;
}

/** A row is placed with its receipt, or rejected when it names none. */
export type MappedRow =
  { readonly placed: true; readonly row: PlacedRow } | { readonly placed: false; readonly row: RejectedRow };
