import type { Rational } from '../../kernel/decimal.js';
import type { TenderKind } from '../../kernel/domain-events.js';
import type { NumberFormat } from './money-text.js';

/** Where the text of a field comes from. */
export type Cell =
  | { readonly kind: 'constant'; readonly value: string }
  | { readonly kind: 'column'; readonly column: string; readonly prefix: string }
  | { readonly kind: 'lookup'; readonly lookup: string; readonly column: string; readonly prefix: string }
  | {
      readonly kind: 'joined';
      readonly columns: readonly string[];
      readonly separator: string;
      readonly prefix: string;
      /** Whether the separator is marked where it stands within a part, so that no two keys come out alike. */
      readonly exact: boolean;
    };

/** What became of text on its way through a spreadsheet, and how it is read. */
export interface TextFormat {
  /** `="00123"` and `'00123`: refused in keys, or read as 00123. Any other formula is refused in keys. */
  readonly formulas: 'reject' | 'unwrap';
  /** Full-width letters, digits and signs: refused in keys and numbers, read as plain ones, or kept as they are. */
  readonly fullWidth: 'reject' | 'convert' | 'keep';
}

/** Receipts of customers who are no members. */
export interface NoMember {
  /** What stands in the member's column then. */
  readonly texts: ReadonlySet<string>;
  /** Rejected, left out unread, or read, left out and counted. */
  readonly receipts: 'refuse' | 'skip' | 'count';
}

/** Something a receipt was paid with. */
export interface TenderMapping {
  readonly type: Cell;
  /** Null: the API's default for the type. */
  readonly kind: TenderKind | null;
  readonly amount: Cell;
  /** Whether each row of a receipt says the amount of all of it, or a part that is added. */
  readonly per: 'receipt' | 'row';
}

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
  /** `roc`: years are of the Republic of China, 115 for 2026. */
  readonly calendar: 'gregorian' | 'roc';
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
  /** What is taken off the amount, and whether the file has it with a minus. */
  readonly discount: { readonly cell: Cell; readonly negative: boolean } | null;
  /** What the whole line costs by the price list, in major units, tax included. */
  readonly list: Cell | null;
  /** `own`, `none` or `agent`. */
  readonly revenue: Cell | null;
  readonly commission: Cell | null;
  readonly commissionTax: Cell | null;
  /** Lines of less than nothing: rejected, or discounts on the receipt they stand in. */
  readonly negativeLines: 'reject' | 'discount';
  readonly tenders: readonly TenderMapping[];
  readonly noMember: NoMember;
  readonly texts: TextFormat;
  readonly lookups: Readonly<Record<string, Lookup>>;
  /** Attributes of the receipt; every row of it must say the same. */
  readonly attributes: Readonly<Record<string, Cell>>;
  readonly lineAttributes: Readonly<Record<string, Cell>>;
}

/** Every cell of a mapping with the field it is for. */
export function cellsOf(mapping: Mapping): readonly (readonly [field: string, cell: Cell])[] {
  const { attributes, lineAttributes, tenders, discount } = mapping;
  const named: (readonly [string, Cell | null])[] = [
    ...FIELDS.map((field) => [field, mapping[field]] as const),
    ['discount', discount?.cell ?? null],
    ...Object.entries(attributes).map(([name, cell]) => [`attributes.${name}`, cell] as const),
    ...Object.entries(lineAttributes).map(([name, cell]) => [`lineAttributes.${name}`, cell] as const),
    ...tenders.flatMap(({ type, amount }, index) => [
      [`tenders.${index}.type`, type] as const,
      [`tenders.${index}.amount`, amount] as const,
    ]),
  ];
  return named.filter((entry): entry is readonly [string, Cell] => entry[1] !== null);
}

const FIELDS = [
  'source', 'receiptNo', 'member', 'occurredAt', 'sku', 'amount', 'quantity', 'category', 'brand', 'channel', 'tax',
  'list', 'revenue', 'commission', 'commissionTax',
] as const; // prettier-ignore

/** A mapping that cannot be used. The message has one line for every fault, each beginning with the field. */
export class MappingError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'MappingError';
  }
}
