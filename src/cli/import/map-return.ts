import { currencyExponent } from '../../kernel/money.js';
import { CellBinder, optionalCell, optionalKey } from './cell-reader.js';
import { textCleaner } from './clean-text.js';
import { FaultList, readKey } from './fault-list.js';
import { MAX_AMOUNT_MINOR, MAX_INSTANT, MAX_RECEIPT_NO, MAX_SKU } from './limits.js';
import { parseMoney, parseQuantity } from './money-text.js';
import { instantReader } from './occurred-at.js';
import type { ReturnMapping } from './parse-return-mapping.js';
import type { Fault, SourceRow } from './row.js';

/** What a row says of one line that comes back. */
export interface ReturnedLine {
  readonly lineNo?: number;
  readonly sku?: string;
  readonly quantity?: string;
  readonly amountMinor?: number;
}

/** A row of a return: what it says, or what is wrong with it. */
export interface PlacedReturn {
  readonly row: SourceRow;
  readonly source: string;
  readonly receiptNo: string;
  readonly original: { readonly source: string; readonly receiptNo: string };
  readonly occurredAt: number;
  /** Null: all that is left of the receipt. */
  readonly line: ReturnedLine | null;
  readonly fault: Fault | null;
}

/** Null for a row that is no return. */
export type ReturnMapper = (row: SourceRow) => PlacedReturn | null;

/** A minus before or behind, or brackets, as exports write what comes back. */
const MINUS = /^(?:[-\u2212](?<before>.*)|\((?<within>.*)\)|(?<behind>.*)[-\u2212])$/s;

/**
 * Compiles a mapping for a file with this header into a function from rows to parts of returns.
 * @throws MappingError when the mapping names a column that is not there
 */
export function returnMapper(mapping: ReturnMapping, header: readonly string[]): ReturnMapper {
  const binder = new CellBinder(header, {}, {}, textCleaner(mapping.texts));
  const source = binder.bindKey('source', mapping.source);
  const receiptNo = binder.bindKey('receiptNo', mapping.receiptNo);
  const originalSource = binder.bindKey('original.source', mapping.original.source);
  const originalNo = binder.bindKey('original.receiptNo', mapping.original.receiptNo);
  const occurredAt = binder.bind('occurredAt', mapping.occurredAt);
  const line = optionalKey(binder, mapping.line?.by ?? 'sku', mapping.line?.cell ?? null);
  const quantity = optionalCell(binder, 'quantity', mapping.quantity);
  const amount = optionalCell(binder, 'amount', mapping.amount);
  const rowKind = optionalCell(binder, 'rows', mapping.rows?.cell ?? null);
  binder.finish();
  const toInstant = instantReader(mapping.occurredAtFormat, mapping.timeZone, mapping.calendar);
  const key = { max: MAX_RECEIPT_NO, required: true, code: mapping.texts };
  const readLine = lineReader(mapping);
  return ({ row, cells }) => {
    if (mapping.rows && !mapping.rows.texts.has(rowKind(cells))) return null;
    const [pieces, money] = [withoutMinus(quantity(cells)), withoutMinus(amount(cells))];
    if (mapping.negative && !(isNothing(pieces.text) ? money : pieces).isNegative) return null;
    const faults = new FaultList();
    if (cells.length !== header.length)
      faults.add('COLUMN_COUNT', `the row has ${cells.length} columns, the header ${header.length}`);
    const text = occurredAt(cells);
    const instant = toInstant(text);
    if (text === '') faults.add('OCCURRED_AT_BLANK', 'the time of the return is blank');
    else if (instant === null || instant < 0 || instant >= MAX_INSTANT)
      faults.add(
        'OCCURRED_AT_UNREADABLE',
        `"${text}" is no time in the format of the mapping from 1970 to 2199`,
      );
    if (!mapping.negative && (pieces.isNegative || money.isNegative))
      faults.add(
        'AMOUNT_NEGATIVE',
        'there is a minus; say "negative": true in the mapping where returns have one',
      );
    const placed = {
      row: { row, cells },
      source: readKey('SOURCE', source(cells), key, faults),
      receiptNo: readKey('RECEIPT_NO', receiptNo(cells), key, faults),
      original: {
        source: readKey('ORIGINAL_SOURCE', originalSource(cells), key, faults),
        receiptNo: readKey('ORIGINAL_NO', originalNo(cells), key, faults),
      },
      occurredAt: instant ?? 0,
      line: mapping.line && {
        ...(mapping.line.by === 'sku'
          ? { sku: readKey('SKU', line(cells), { ...key, max: MAX_SKU }, faults) }
          : { lineNo: readLineNo(line(cells).text, faults) }),
        ...readLine(pieces.text, money.text, faults),
      },
    };
    return { ...placed, fault: faults.summary() };
  };
}

function withoutMinus(text: string): { readonly text: string; readonly isNegative: boolean } {
  const { before, within, behind } = MINUS.exec(text)?.groups ?? {};
  const rest = before ?? within ?? behind;
  return rest === undefined ? { text, isNegative: false } : { text: rest.trim(), isNegative: true };
}

/** Blank, 0 or 0.00. */
function isNothing(text: string): boolean {
  return /^[0.,\s]*$/.test(text);
}

function readLineNo(text: string, faults: FaultList): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  faults.add(text === '' ? 'LINE_NO_BLANK' : 'LINE_NO_NOT_A_NUMBER', `"${text}" is no number of a line`);
  return 0;
}

/** How much comes back: pieces where there are some, else money. */
function lineReader({ numbers, currency }: ReturnMapping) {
  const exponent = currencyExponent(currency);
  return (
    pieces: string,
    money: string,
    faults: FaultList,
  ): Pick<ReturnedLine, 'quantity' | 'amountMinor'> => {
    if (!isNothing(pieces)) {
      const read = parseQuantity(pieces, numbers);
      if (!read.ok) faults.addNumber('QUANTITY', read.refusal, pieces);
      return read.ok ? { quantity: read.value } : {};
    }
    if (isNothing(money)) {
      faults.add('QUANTITY_BLANK', 'neither a quantity nor an amount says how much comes back');
      return {};
    }
    const read = parseMoney(money, exponent, MAX_AMOUNT_MINOR, numbers);
    if (!read.ok) faults.addNumber('AMOUNT', read.refusal, money);
    return read.ok ? { amountMinor: read.value } : {};
  };
}
