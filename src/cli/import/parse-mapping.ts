import { isDecimal, parseDecimal, type Rational } from '../../kernel/decimal.js';
import { isCurrency } from '../../kernel/money.js';
import { isTimeZone } from '../../kernel/time.js';
import { FieldReader } from './field-reader.js';
import { MappingError, type Cell, type CsvFormat, type Lookup, type Mapping } from './mapping.js';
import type { NumberFormat } from './money-text.js';
import { canBeWritten } from './text-encoding.js';

const NOTHING: Cell = { kind: 'constant', value: '' };
const THOUSANDS = [',', '.', ' ', "'", '\u00a0', '\u202f'];

/** Reads a mapping from its JSON text. @throws MappingError naming every field that is wrong. */
export function parseMapping(text: string): Mapping {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new MappingError([
      `the mapping is not JSON: ${error instanceof Error ? error.message : 'unreadable'}`,
    ]);
  }
  const faults: string[] = [];
  const mapping = readMapping(new FieldReader(value, '', faults), faults);
  if (faults.length > 0) throw new MappingError(faults);
  return mapping;
}

function readMapping(root: FieldReader, faults: string[]): Mapping {
  const occurredAt = root.object('occurredAt', { orText: true });
  const mapping: Mapping = {
    csv: csvFormat(root.object('csv')),
    numbers: numberFormat(root.object('numbers')),
    currency: root.checked('currency', isCurrency, 'an ISO 4217 code such as "USD"') ?? 'XXX',
    timeZone: root.checked('timeZone', isTimeZone, 'an IANA zone such as "America/New_York"') ?? 'UTC',
    source: root.required('source', cell) ?? NOTHING,
    receiptNo: root.required('receiptNo', cell) ?? NOTHING,
    member: root.required('member', cell) ?? NOTHING,
    occurredAtFormat: occurredAt?.optionalText('format') ?? null,
    occurredAt: root.required('occurredAt', (field) => cell(field, ['format'])) ?? NOTHING,
    sku: root.required('sku', cell) ?? NOTHING,
    amount: root.required('amount', cell) ?? NOTHING,
    quantity: root.optional('quantity', cell),
    category: root.optional('category', cell),
    brand: root.optional('brand', cell),
    channel: root.optional('channel', cell),
    tax: root.optional('tax', cell),
    taxRate: rate(root),
    lookups: root.optional('lookups', (field) => field.map(lookup)) ?? {},
    attributes: root.optional('attributes', (field) => field.map(cell)) ?? {},
    lineAttributes: root.optional('lineAttributes', (field) => field.map(cell)) ?? {},
  };
  root.refuseOthers();
  if (mapping.tax && mapping.taxRate) faults.push('taxRate: give either tax or taxRate, not both');
  checkLookups(mapping, faults);
  return mapping;
}

/** `"column"`, `{"column"}`, `{"lookup", "column"}` or `{"constant"}`; the first three take a `prefix`. */
function cell(field: FieldReader, others: readonly string[] = []): Cell | null {
  if (typeof field.value === 'string') {
    if (field.value === '') return field.fault('must name a column');
    return { kind: 'column', column: field.value, prefix: '' };
  }
  if (!field.isObject())
    return field.fault('must be the name of a column, or an object with column or constant');
  field.refuseOthers(['column', 'constant', 'lookup', 'prefix', ...others]);
  if (field.has('constant')) {
    if (field.has('column') || field.has('lookup'))
      return field.fault('takes either constant or column, not both');
    const value = field.text('constant');
    return value === null ? null : { kind: 'constant', value };
  }
  const column = field.text('column');
  const prefix = field.optionalText('prefix') ?? '';
  const name = field.optionalText('lookup');
  if (column === null) return null;
  return name === null
    ? { kind: 'column', column, prefix }
    : { kind: 'lookup', lookup: name, column, prefix };
}

function lookup(field: FieldReader): Lookup | null {
  if (!field.isObject()) return field.fault('must be an object with file, key and match');
  const file = field.text('file');
  const key = field.text('key');
  const match = field.required('match', cell);
  const missing = field.oneOf('missing', ['blank', 'reject']) ?? 'blank';
  const csv = csvFormat(field.object('csv'));
  field.refuseOthers(['file', 'key', 'match', 'missing', 'csv']);
  if (match?.kind === 'lookup') return field.fault('match must be a column of the file, not another lookup');
  return file === null || key === null || !match ? null : { file, key, match, missing, csv };
}

function csvFormat(field: FieldReader | null): CsvFormat {
  const quote = field?.anyText('quote') ?? '"';
  const format = {
    delimiter: field?.optionalText('delimiter') ?? ',',
    quote: quote === '' ? null : quote,
    encoding: field?.optionalText('encoding') ?? 'utf-8',
    columns: field?.texts('columns') ?? null,
    strayQuotes: field?.oneOf('strayQuotes', ['reject', 'keep']) ?? 'reject',
  } as const;
  if (quote.length > 1) field?.fault('quote must be one character, or "" for none');
  if (!canBeWritten(format.encoding)) field?.fault(`encoding "${format.encoding}" is not known`);
  field?.refuseOthers(['delimiter', 'quote', 'encoding', 'columns', 'strayQuotes']);
  return format;
}

function numberFormat(field: FieldReader | null): NumberFormat {
  const decimalSeparator = field?.oneOf('decimalSeparator', ['.', ',']) ?? '.';
  const thousandsSeparator = field?.oneOf('thousandsSeparator', THOUSANDS) ?? null;
  const trailingZeros = field?.oneOf('trailingZeros', ['reject', 'drop']) ?? 'reject';
  if (thousandsSeparator === decimalSeparator) field?.fault('the two separators must differ');
  field?.refuseOthers(['decimalSeparator', 'thousandsSeparator', 'trailingZeros']);
  return { decimalSeparator, thousandsSeparator, trailingZeros };
}

function rate(root: FieldReader): Rational | null {
  if (!root.has('taxRate')) return null;
  const text = root.checked('taxRate', isDecimal, 'a decimal in quotes such as "0.05"');
  return text === null ? null : parseDecimal(text);
}

function checkLookups(mapping: Mapping, faults: string[]): void {
  const named: [string, Cell | null][] = [
    ...Object.entries(mapping.attributes).map(([name, from]): [string, Cell] => [`attributes.${name}`, from]),
    ...Object.entries(mapping.lineAttributes).map(([name, from]): [string, Cell] => [
      `lineAttributes.${name}`,
      from,
    ]),
    ...CELLS.map((name): [string, Cell | null] => [name, mapping[name]]),
  ];
  for (const [name, from] of named) {
    if (from?.kind === 'lookup' && !Object.hasOwn(mapping.lookups, from.lookup)) {
      faults.push(`${name}.lookup: there is no "${from.lookup}" in lookups`);
    }
  }
}

const CELLS = [
  'source', 'receiptNo', 'member', 'occurredAt', 'sku', 'amount', 'quantity', 'category', 'brand', 'channel', 'tax',
] as const; // prettier-ignore
