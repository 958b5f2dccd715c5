import { isDecimal, parseDecimal, type Rational } from '../../kernel/decimal.js';
import { isCurrency } from '../../kernel/money.js';
import { TENDER_KINDS } from '../../kernel/points-paid.js';
import { isTimeZone } from '../../kernel/time.js';
import { FieldReader } from './field-reader.js';
import { mappingJson } from './mapping-json.js';
import {
  cellsOf,
  MappingError,
  type Lookup,
  type Mapping,
  type NoMember,
  type TenderMapping,
} from './mapping.js';
import { cell, NOTHING, timeCell } from './parse-cell.js';
import { csvFormat, numberFormat, textFormat } from './parse-formats.js';

/** Reads a mapping from its JSON text. @throws MappingError naming every field that is wrong. */
export function parseMapping(text: string): Mapping {
  const faults: string[] = [];
  const mapping = readMapping(new FieldReader(mappingJson(text), '', faults), faults);
  if (faults.length > 0) throw new MappingError(faults);
  return mapping;
}

function readMapping(root: FieldReader, faults: string[]): Mapping {
  const occurredAt = root.object('occurredAt', { orText: true });
  const texts = textFormat(root.object('texts'));
  const mapping: Mapping = {
    // A formula that is not quoted has quotes in the middle of its cell.
    csv: csvFormat(root.object('csv'), texts.formulas === 'unwrap' ? 'keep' : 'reject'),
    numbers: numberFormat(root.object('numbers')),
    currency: root.checked('currency', isCurrency, 'an ISO 4217 code such as "USD"') ?? 'XXX',
    timeZone: root.checked('timeZone', isTimeZone, 'an IANA zone such as "America/New_York"') ?? 'UTC',
    source: root.required('source', cell) ?? NOTHING,
    receiptNo: root.required('receiptNo', cell) ?? NOTHING,
    member: root.required('member', cell) ?? NOTHING,
    occurredAtFormat: occurredAt?.optionalText('format') ?? null,
    calendar: occurredAt?.oneOf('calendar', ['gregorian', 'roc']) ?? 'gregorian',
    occurredAt: root.required('occurredAt', timeCell) ?? NOTHING,
    sku: root.required('sku', cell) ?? NOTHING,
    amount: root.required('amount', cell) ?? NOTHING,
    quantity: root.optional('quantity', cell),
    category: root.optional('category', cell),
    brand: root.optional('brand', cell),
    channel: root.optional('channel', cell),
    tax: root.optional('tax', cell),
    taxRate: rate(root),
    discount: root.optional('discount', discountCell),
    list: root.optional('list', cell),
    revenue: root.optional('revenue', cell),
    commission: root.optional('commission', cell),
    commissionTax: root.optional('commissionTax', cell),
    negativeLines: root.oneOf('negativeLines', ['reject', 'discount']) ?? 'reject',
    tenders: root.optional('tenders', (field) => field.list(tender)) ?? [],
    noMember: root.optional('noMember', noMember) ?? { texts: new Set(), receipts: 'refuse' },
    texts,
    lookups: root.optional('lookups', (field) => field.map(lookup)) ?? {},
    attributes: root.optional('attributes', (field) => field.map(cell)) ?? {},
    lineAttributes: root.optional('lineAttributes', (field) => field.map(cell)) ?? {},
  };
  root.refuseOthers();
  if (mapping.calendar === 'roc' && mapping.occurredAtFormat === null)
    faults.push('occurredAt.format: must say how times with years of the Republic are written');
  if (mapping.tax && mapping.taxRate) faults.push('taxRate: give either tax or taxRate, not both');
  checkLookups(mapping, faults);
  return mapping;
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

/** `["-", "walk-in"]`, or an object with `texts` and `receipts`. */
function noMember(field: FieldReader): NoMember | null {
  if (Array.isArray(field.value)) return { texts: new Set(field.textsHere() ?? []), receipts: 'refuse' };
  const texts = field.texts('texts');
  const receipts = field.oneOf('receipts', ['refuse', 'skip', 'count']) ?? 'refuse';
  field.refuseOthers(['texts', 'receipts']);
  return texts === null
    ? field.fault('must be a list of texts, or an object with texts')
    : { texts: new Set(texts), receipts };
}

function tender(field: FieldReader): TenderMapping | null {
  const type = field.required('type', cell);
  const kind = field.oneOf('kind', TENDER_KINDS);
  const amount = field.required('amount', cell);
  const per = field.oneOf('per', ['receipt', 'row']) ?? 'receipt';
  field.refuseOthers(['type', 'kind', 'amount', 'per']);
  return type && amount && { type, kind, amount, per };
}

function discountCell(field: FieldReader): Mapping['discount'] {
  const negative = field.isObject() && (field.flag('negative') ?? false);
  const read = cell(field, ['negative']);
  return read && { cell: read, negative };
}

function rate(root: FieldReader): Rational | null {
  if (!root.has('taxRate')) return null;
  const text = root.checked('taxRate', isDecimal, 'a decimal in quotes such as "0.05"');
  return text === null ? null : parseDecimal(text);
}

function checkLookups(mapping: Mapping, faults: string[]): void {
  for (const [name, from] of cellsOf(mapping)) {
    if (from.kind === 'lookup' && !Object.hasOwn(mapping.lookups, from.lookup)) {
      faults.push(`${name}.lookup: there is no "${from.lookup}" in lookups`);
    }
  }
}
