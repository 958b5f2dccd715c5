import {
  CellBinder,
  optionalCell,
  optionalKey,
  type KeyReader,
  type KeyText,
  type LookupTables,
} from './cell-reader.js';
import { textCleaner } from './clean-text.js';
import { FaultList, readFreeText, readKey, type KeyRule } from './fault-list.js';
import { MAX_CHANNEL, MAX_EXTERNAL_ID, MAX_INSTANT, MAX_LABEL, MAX_RECEIPT_NO, MAX_SKU } from './limits.js';
import type { Cell, Mapping } from './mapping.js';
import { parseQuantity } from './money-text.js';
import { instantReader } from './occurred-at.js';
import { amountReader, type ReadAmounts } from './read-amounts.js';
import { tenderReader } from './read-tenders.js';
import type { Fault, LineContent, MappedRow, ReceiptContent, SourceRow } from './row.js';

export type RowMapper = (row: SourceRow) => MappedRow;

/** Reads one part of a row and notes in `faults` what is wrong with it. */
type Reader<T> = (cells: readonly string[], faults: FaultList) => T;

/**
 * Compiles a mapping for a file with this header into a function from rows to lines of receipts.
 * @throws MappingError when the mapping names a column that is not there
 */
export function rowMapper(mapping: Mapping, header: readonly string[], tables: LookupTables): RowMapper {
  const binder = new CellBinder(header, tables, mapping.lookups, textCleaner(mapping.texts));
  const source = binder.bindKey('source', mapping.source);
  const receiptNo = binder.bindKey('receiptNo', mapping.receiptNo);
  const member = binder.bindKey('member', mapping.member);
  const readReceipt = receiptReader(mapping, binder, member);
  const readContent = contentReader(mapping, binder);
  const readTenders = tenderReader(mapping, 'row', binder);
  const readMatches = matchReader(mapping, binder, tables);
  binder.finish();
  const rule: KeyRule = { max: MAX_RECEIPT_NO, required: true, code: mapping.texts };
  return ({ row, cells }) => {
    const unplaced = new FaultList();
    const key = {
      source: readKey('SOURCE', source(cells), rule, unplaced),
      receiptNo: readKey('RECEIPT_NO', receiptNo(cells), rule, unplaced),
    };
    const nowhere = unplaced.summary();
    if (nowhere) return { placed: false, row: { row, cells, ...nowhere } };
    if (cells.length !== header.length) {
      return { placed: true, row: { row, cells, ...key, fault: wrongCount(cells.length, header.length) } };
    }
    const faults = new FaultList();
    const receipt = readReceipt(cells, faults);
    const content = readContent(cells, faults);
    const tenders = readTenders(cells, faults);
    readMatches(cells, faults);
    const fault = faults.summary();
    const placed = {
      ...{ row, cells, ...key },
      ...(mapping.noMember.texts.has(member(cells).text) ? { noMember: true as const } : {}),
    };
    if (fault) return { placed: true, row: { ...placed, fault } };
    return {
      placed: true,
      row: { ...placed, receipt, ...content, ...(tenders.length > 0 ? { tenders } : {}) },
    };
  };
}

function receiptReader(mapping: Mapping, binder: CellBinder, member: KeyReader): Reader<ReceiptContent> {
  const occurredAt = binder.bind('occurredAt', mapping.occurredAt);
  const channel = optionalKey(binder, 'channel', mapping.channel);
  const attributes = attributeReader(binder, 'attributes', mapping.attributes);
  const toInstant = instantReader(mapping.occurredAtFormat, mapping.timeZone, mapping.calendar);
  const readTenders = tenderReader(mapping, 'receipt', binder);
  return (cells, faults) => {
    const text = occurredAt(cells);
    const instant = toInstant(text);
    const inRange = instant !== null && instant >= 0 && instant < MAX_INSTANT;
    if (text === '') faults.add('OCCURRED_AT_BLANK', 'the time of the receipt is blank');
    else if (!inRange) {
      faults.add(
        'OCCURRED_AT_UNREADABLE',
        `"${text}" is no time in the format of the mapping from 1970 to 2199`,
      );
    }
    const tenders = readTenders(cells, faults);
    return withoutBlanks({
      member: readMember(member(cells), mapping, faults),
      occurredAt: instant ?? 0,
      channel: readKey('CHANNEL', channel(cells), { max: MAX_CHANNEL }, faults),
      tenders: tenders.length > 0 ? tenders : undefined,
      attributes: attributes(cells, faults),
    });
  };
}

/** The member's external id; blank where the text stands for none. */
function readMember(member: KeyText, { noMember, texts }: Mapping, faults: FaultList): string {
  const { text } = member;
  if (!noMember.texts.has(text))
    return readKey('MEMBER', member, { max: MAX_EXTERNAL_ID, required: true, code: texts }, faults);
  if (noMember.receipts === 'refuse')
    faults.add('MEMBER_NONE', `the member "${text}" stands for a customer who is none`);
  return '';
}

/** What a row says of the goods: a line, or what is taken off the receipt. */
function contentReader(
  mapping: Mapping,
  binder: CellBinder,
): Reader<{ readonly line: LineContent } | { readonly discountMinor: number }> {
  const sku = binder.bindKey('sku', mapping.sku);
  const category = optionalKey(binder, 'category', mapping.category);
  const brand = optionalKey(binder, 'brand', mapping.brand);
  const quantity = optionalCell(binder, 'quantity', mapping.quantity);
  const readAmounts = amountReader(mapping, binder);
  const attributes = attributeReader(binder, 'lineAttributes', mapping.lineAttributes);
  const skuRule: KeyRule = { max: MAX_SKU, required: true, code: mapping.texts };
  const lineOf = (amounts: ReadAmounts, cells: readonly string[], faults: FaultList): LineContent =>
    withoutBlanks({
      sku: readKey('SKU', sku(cells), skuRule, faults),
      category: readKey('CATEGORY', category(cells), { max: MAX_LABEL }, faults),
      brand: readKey('BRAND', brand(cells), { max: MAX_LABEL }, faults),
      quantity: readQuantity(quantity(cells), mapping, faults),
      ...amounts,
      attributes: attributes(cells, faults),
    });
  return (cells, faults) => {
    const amounts = readAmounts(cells, faults);
    if (amounts.amountMinor >= 0) return { line: lineOf(amounts, cells, faults) };
    // Goods that come back have a quantity of less than nothing; a discount has none, or one.
    readQuantity(quantity(cells), mapping, faults);
    return { discountMinor: -amounts.amountMinor };
  };
}

function readQuantity(text: string, mapping: Mapping, faults: FaultList): string {
  if (text === '') return '';
  const read = parseQuantity(text, mapping.numbers);
  if (read.ok) return read.value;
  faults.addNumber('QUANTITY', read.refusal, text);
  return '';
}

function attributeReader(
  binder: CellBinder,
  field: string,
  cells: Readonly<Record<string, Cell>>,
): Reader<Record<string, string> | undefined> {
  const bound = Object.entries(cells).map(([name, cell]) => ({
    name,
    read: binder.bind(`${field}.${name}`, cell),
  }));
  return (row, faults) => {
    const values = bound
      .map(({ name, read }): [string, string] => [name, readFreeText(name, read(row), faults)])
      .filter(([, value]) => value !== '');
    return values.length === 0 ? undefined : Object.fromEntries(values);
  };
}

/** Rejects rows whose key a strict lookup does not have. */
function matchReader(mapping: Mapping, binder: CellBinder, tables: LookupTables): Reader<void> {
  const strict = Object.entries(mapping.lookups)
    .filter(([, { missing }]) => missing === 'reject')
    .map(([name, { match, file }]) => ({ name, file, key: binder.bind(`lookups.${name}.match`, match) }));
  return (cells, faults) => {
    for (const { name, file, key } of strict) {
      const text = key(cells);
      if (!tables[name]?.rows.has(text)) faults.add('LOOKUP_MISSING', `there is no "${text}" in ${file}`);
    }
  };
}

/** Leaves fields without a value out, so that the API's defaults hold. */
function withoutBlanks<T extends object>(content: T): T {
  return Object.fromEntries(
    Object.entries(content).filter(([, value]) => value !== '' && value !== undefined),
  ) as T;
}

function wrongCount(found: number, wanted: number): Fault {
  return { code: 'COLUMN_COUNT', reason: `The row has ${found} columns where the header has ${wanted}.` };
}
