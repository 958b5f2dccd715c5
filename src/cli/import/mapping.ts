import type { Rational } from '../../kernel/decimal.js';
import type { NumberFormat } from './money-text.js';

/** Where the text of a field comes from. */
export type Cell =
  | { readonly kind: 'constant'; readonly value: string }
  | { readonly kind: 'column'; readonly column: string; readonly prefix: string }
  | { readonly kind: 'lookup'; readonly lookup: string; readonly column: string; readonly prefix: string };

/** How a CSV file is written. */
export interface CsvFormat {
  readonly delimiter: string;
  /** Null: quotes have no meaning. */
  readonly quote: string | null;
  /** A label of the Encoding Standard: utf-8, big5, windows-1252, ... */
  readonly encoding: string;
  /** Names of the columns of a file without a header; null: the first row has them. */
  readonly columns: readonly string[] | null;
  /** A quote in the middle of a cell: the end of the import, or a character like any other. */
  readonly strayQuotes: 'reject' | 'keep';
}

/** A second file, joined by a key. */
export interface Lookup {
  /** As written in the mapping: relative to the mapping's own folder. */
  readonly file: string;
  /** Column of the second file that is looked in. */
  readonly key: string;
  /** What is looked for. */
  readonly match: Cell;
  /** A key that is not there leaves the fields blank, or gets the row rejected. */
  readonly missing: 'blank' | 'reject';
  readonly csv: CsvFormat;
}

/** How the columns of an old system become the fields of a receipt. */
export interface Mapping {
  readonly csv: CsvFormat;
  readonly numbers: NumberFormat;
  /** ISO 4217. */
  readonly currency: string;
  /** IANA zone of timestamps without an offset. */
  readonly timeZone: string;
  readonly source: Cell;
  readonly receiptNo: Cell;
  /** The member's external id. */
  readonly member: Cell;
  readonly occurredAt: Cell;
  /** A Luxon format; null: ISO 8601. */
  readonly occurredAtFormat: string | null;
  readonly sku: Cell;
  /** What the customer paid for the line, in major units, tax included. */
  readonly amount: Cell;
  readonly quantity: Cell | null;
  readonly category: Cell | null;
  readonly brand: Cell | null;
  readonly channel: Cell | null;
  /** The tax within the amount, in major units. */
  readonly tax: Cell | null;
  /** In place of `tax`: the rate contained in every amount. */
  readonly taxRate: Rational | null;
  readonly lookups: Readonly<Record<string, Lookup>>;
  /** Attributes of the receipt; every row of it must say the same. */
  readonly attributes: Readonly<Record<string, Cell>>;
  readonly lineAttributes: Readonly<Record<string, Cell>>;
}

/** A mapping that cannot be used. The message has one line for every fault, each beginning with the field. */
export class MappingError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'MappingError';
  }
}
