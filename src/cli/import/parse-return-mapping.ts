import { isCurrency } from '../../kernel/money.js';
import { isTimeZone } from '../../kernel/time.js';
import { FieldReader } from './field-reader.js';
import { mappingJson } from './mapping-json.js';
import { MappingError, type Cell, type CsvFormat, type TextFormat } from './mapping.js';
import type { NumberFormat } from './money-text.js';
import { cell, NOTHING, timeCell } from './parse-cell.js';
import { csvFormat, numberFormat, textFormat } from './parse-formats.js';

/** Which rows of a file are returns. */
export interface ReturnRows {
  readonly cell: Cell;
  readonly texts: ReadonlySet<string>;
}

/** How the columns of an old system become returns. */
export interface ReturnMapping {
  readonly csv: CsvFormat;
  readonly numbers: NumberFormat;
  readonly texts: TextFormat;
  readonly currency: string;
  readonly timeZone: string;
  /** The system that numbers the returns, and the return's own number. */
  readonly source: Cell;
  readonly receiptNo: Cell;
  readonly occurredAt: Cell;
  /** A Luxon format; null: ISO 8601. */
  readonly occurredAtFormat: string | null;
  readonly calendar: 'gregorian' | 'roc';
  /** The receipt that the goods were bought with. */
  readonly original: { readonly source: Cell; readonly receiptNo: Cell };
  /** What comes back: by line, by article, or, with neither, all of the receipt that is left. */
  readonly line: { readonly by: 'lineNo' | 'sku'; readonly cell: Cell } | null;
  readonly quantity: Cell | null;
  /** Money that comes back without goods, major units; where there is a quantity, that decides. */
  readonly amount: Cell | null;
  /** Returns have a minus before quantity or amount; other rows are none and are passed over. */
  readonly negative: boolean;
  /** Null: every row. */
  readonly rows: ReturnRows | null;
}

/** Reads a mapping from its JSON text. @throws MappingError naming every field that is wrong. */
export function parseReturnMapping(text: string): ReturnMapping {
  const faults: string[] = [];
  const root = new FieldReader(mappingJson(text), '', faults);
  const texts = textFormat(root.object('texts'));
  const source = root.required('source', cell) ?? NOTHING;
  const mapping: ReturnMapping = {
    texts,
    csv: csvFormat(root.object('csv'), texts.formulas === 'unwrap' ? 'keep' : 'reject'),
    numbers: numberFormat(root.object('numbers')),
    currency: root.checked('currency', isCurrency, 'an ISO 4217 code such as "USD"') ?? 'XXX',
    timeZone: root.checked('timeZone', isTimeZone, 'an IANA time zone such as "Asia/Taipei"') ?? 'UTC',
    source,
    receiptNo: root.required('receiptNo', cell) ?? NOTHING,
    ...timeOf(root),
    original: root.required('original', (field) => originalOf(field, source)) ?? {
      source,
      receiptNo: NOTHING,
    },
    line: lineOf(root, faults),
    quantity: root.optional('quantity', cell),
    amount: root.optional('amount', cell),
    negative: root.flag('negative') ?? false,
    rows: root.optional('rows', rowsOf),
  };
  root.refuseOthers();
  const { line, quantity, amount, negative } = mapping;
  const hasNumbers = quantity !== null || amount !== null;
  if (line && !hasNumbers) faults.push('quantity: is missing; say how much comes back by quantity or amount');
  if (!line && hasNumbers && !negative)
    faults.push('sku: is missing; without sku and lineNo all of a receipt comes back, whatever the quantity');
  if (negative && !hasNumbers) faults.push('negative: needs quantity or amount, which has the minus');
  for (const [name, from] of returnCells(mapping))
    if (from.kind === 'lookup') faults.push(`${name}.lookup: a mapping of returns has no lookups`);
  if (faults.length > 0) throw new MappingError(faults);
  return mapping;
}

function timeOf(root: FieldReader): Pick<ReturnMapping, 'occurredAt' | 'occurredAtFormat' | 'calendar'> {
  const read = root.required('occurredAt', (field) => {
    const occurredAt = timeCell(field);
    if (occurredAt === null) return null;
    const isObject = field.isObject();
    const occurredAtFormat = isObject ? field.optionalText('format') : null;
    const calendar = (isObject ? field.oneOf('calendar', ['gregorian', 'roc']) : null) ?? 'gregorian';
    return { occurredAt, occurredAtFormat, calendar } as const;
  });
  return read ?? { occurredAt: NOTHING, occurredAtFormat: null, calendar: 'gregorian' };
}

function originalOf(field: FieldReader, source: Cell): ReturnMapping['original'] | null {
  if (!field.isObject())
    return field.fault('must be an object with receiptNo, and source where it is another');
  const receiptNo = field.required('receiptNo', cell);
  const original = { source: field.optional('source', cell) ?? source, receiptNo: receiptNo ?? NOTHING };
  field.refuseOthers();
  return original;
}

function lineOf(root: FieldReader, faults: string[]): ReturnMapping['line'] {
  const sku = root.optional('sku', cell);
  const lineNo = root.optional('lineNo', cell);
  if (sku && lineNo) faults.push('lineNo: give it or sku, not both');
  if (sku) return { by: 'sku', cell: sku };
  return lineNo && { by: 'lineNo', cell: lineNo };
}

function rowsOf(field: FieldReader): ReturnRows | null {
  const from = cell(field, ['texts']);
  const texts = field.texts('texts');
  if (from === null || texts === null)
    return texts === null ? field.fault('needs texts: what stands there where a row is a return') : null;
  return { cell: from, texts: new Set(texts) };
}

/** Every cell of a mapping with the field it is for. */
function returnCells(mapping: ReturnMapping): readonly (readonly [field: string, cell: Cell])[] {
  const { source, receiptNo, occurredAt, original, line, quantity, amount, rows } = mapping;
  const named: (readonly [string, Cell | null])[] = [
    ...Object.entries({ source, receiptNo, occurredAt, quantity, amount }),
    ['original.source', original.source],
    ['original.receiptNo', original.receiptNo],
    [line?.by ?? 'sku', line?.cell ?? null],
    ['rows', rows?.cell ?? null],
  ];
  return named.filter((entry): entry is readonly [string, Cell] => entry[1] !== null);
}
