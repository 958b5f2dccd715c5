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
  readonly attributes?: Readonly<Record<string, string>>;
}

/** What every row of one receipt must say alike. */
export interface ReceiptContent {
  readonly member: string;
  readonly occurredAt: Instant;
  readonly channel?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** A row whose receipt is known: what it says, or what is wrong with it. */
export interface PlacedRow extends SourceRow {
  readonly source: string;
  readonly receiptNo: string;
  readonly receipt?: ReceiptContent;
  readonly line?: LineContent;
  readonly fault?: Fault;
}

/** A row is placed with its receipt, or rejected when it names none. */
export type MappedRow =
  { readonly placed: true; readonly row: PlacedRow } | { readonly placed: false; readonly row: RejectedRow };
