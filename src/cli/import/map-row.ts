import { currencyExponent } from '../../kernel/money.js';
import { CellBinder, type CellReader, type LookupTables } from './cell-reader.js';
import { FaultList, readFreeText, readKey, type KeyRule } from './fault-list.js';
import {
  MAX_AMOUNT_MINOR,
  MAX_CHANNEL,
  MAX_EXTERNAL_ID,
  MAX_INSTANT,
  MAX_LABEL,
  MAX_RECEIPT_NO,
  MAX_SKU,
} from './limits.js';
import type { Cell, Mapping } from './mapping.js';
import { parseMoney, parseQuantity } from './money-text.js';
import { instantReader } from './occurred-at.js';
import type { Fault, LineContent, MappedRow, ReceiptContent, SourceRow } from './row.js';
import { taxWithin } from './tax.js';

export type RowMapper = (row: SourceRow) => MappedRow;

/** Reads one part of a row and notes in `faults` what is wrong with it. */
type Reader<T> = (cells: readonly string[], faults: FaultList) => T;

const RECEIPT_RULE: KeyRule = { max: MAX_RECEIPT_NO, required: true };

/**
 * Compiles a mapping for a file with this header into a function from rows to lines of receipts.
 * @throws MappingError when the mapping names a column that is not there
 */
export function rowMapper(mapping: Mapping, header: readonly string[], tables: LookupTables): RowMapper {
  const binder = new CellBinder(header, tables, mapping.lookups);
  const source = binder.bind('source', mapping.source);
  const receiptNo = binder.bind('receiptNo', mapping.receiptNo);
  const readReceipt = receiptReader(mapping, binder);
  const readLine = lineReader(mapping, binder);
  const readMatches = matchReader(mapping, binder, tables);
  binder.finish();
  return ({ row, cells }) => {
    const unplaced = new FaultList();
    const key = {
      source: readKey('SOURCE', source(cells), RECEIPT_RULE, unplaced),
      receiptNo: readKey('RECEIPT_NO', receiptNo(cells), RECEIPT_RULE, unplaced),
    };
    const nowhere = unplaced.summary();
    if (nowhere) return { placed: false, row: { row, cells, ...nowhere } };
    if (cells.length !== header.length) {
      return { placed: true, row: { row, cells, ...key, fault: wrongCount(cells.length, header.length) } };
    }
    const faults = new FaultList();
    const receipt = readReceipt(cells, faults);
    const line = readLine(cells, faults);
    readMatches(cells, faults);
    const fault = faults.summary();
    return {
      placed: true,
      row: fault ? { row, cells, ...key, fault } : { row, cells, ...key, receipt, line },
    };
  };
}

function receiptReader(mapping: Mapping, binder: CellBinder): Reader<ReceiptContent> {
  const member = binder.bind('member', mapping.member);
  const occurredAt = binder.bind('occurredAt', mapping.occurredAt);
  const channel = optional(binder, 'channel', mapping.channel);
  const attributes = attributeReader(binder, 'attributes', mapping.attributes);
  const toInstant = instantReader(mapping.occurredAtFormat, mapping.timeZone);
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
    return withoutBlanks({
      member: readKey('MEMBER', member(cells), { max: MAX_EXTERNAL_ID, required: true }, faults),
      occurredAt: instant ?? 0,
      channel: readKey('CHANNEL', channel(cells), { max: MAX_CHANNEL }, faults),
      attributes: attributes(cells, faults),
    });
  };
}

function lineReader(mapping: Mapping, binder: CellBinder): Reader<LineContent> {
  const sku = binder.bind('sku', mapping.sku);
  const category = optional(binder, 'category', mapping.category);
  const brand = optional(binder, 'brand', mapping.brand);
  const quantity = optional(binder, 'quantity', mapping.quantity);
  const readAmounts = amountReader(mapping, binder);
  const attributes = attributeReader(binder, 'lineAttributes', mapping.lineAttributes);
  return (cells, faults) => {
    return withoutBlanks({
      sku: readKey('SKU', sku(cells), { max: MAX_SKU, required: true }, faults),
      category: readKey('CATEGORY', category(cells), { max: MAX_LABEL }, faults),
      brand: readKey('BRAND', brand(cells), { max: MAX_LABEL }, faults),
      quantity: readQuantity(quantity(cells), mapping, faults),
      ...readAmounts(cells, faults),
      attributes: attributes(cells, faults),
    });
  };
}

function readQuantity(text: string, mapping: Mapping, faults: FaultList): string {
  if (text === '') return '';
  const read = parseQuantity(text, mapping.numbers);
  if (read.ok) return read.value;
  faults.addNumber('QUANTITY', read.refusal, text);
  return '';
}

function amountReader(
  mapping: Mapping,
  binder: CellBinder,
): Reader<{ amountMinor: number; taxMinor?: number }> {
  const amount = binder.bind('amount', mapping.amount);
  const tax = optional(binder, 'tax', mapping.tax);
  const exponent = currencyExponent(mapping.currency);
  const money = (field: string, text: string, faults: FaultList): number => {
    const read = parseMoney(text, exponent, MAX_AMOUNT_MINOR, mapping.numbers);
    if (read.ok) return read.value;
    faults.addNumber(field, read.refusal, text);
    return 0;
  };
  return (cells, faults) => {
    const before = faults.count;
    const amountMinor = money('AMOUNT', amount(cells), faults);
    if (mapping.taxRate) return { amountMinor, taxMinor: taxWithin(amountMinor, mapping.taxRate) };
    const text = tax(cells);
    if (text === '') return { amountMinor };
    const taxMinor = money('TAX', text, faults);
    if (faults.count === before && taxMinor > amountMinor) {
      faults.add('TAX_EXCEEDS_AMOUNT', `the tax ${text} is more than the amount it is part of`);
    }
    return { amountMinor, taxMinor };
  };
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
      if (!tables[name]?.rows.has(text)) faults.add('LOOKUP_MISSING', `${file} has no "${text}"`);
    }
  };
}

function optional(binder: CellBinder, field: string, cell: Cell | null): CellReader {
  return cell ? binder.bind(field, cell) : () => '';
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
