import { canonicalJson } from '../../kernel/canonical-json.js';
import { ok, refuse, type Result } from '../../kernel/result.js';
import { formatInstant, type Instant } from '../../kernel/time.js';
import type { LineContent, PlacedRow, ReceiptContent, RejectedRow, SourceRow } from './row.js';

/** A receipt ready to be posted, with the rows it came from. */
export interface Basket {
  readonly member: string;
  readonly occurredAt: Instant;
  readonly amountMinor: number;
  /** The JSON body. The same rows give the same bytes on every run, so that a rerun is a replay. */
  readonly body: string;
  readonly rows: readonly SourceRow[];
}

interface ReadRow extends PlacedRow {
  readonly receipt: ReceiptContent;
  readonly line: LineContent;
}

const SEPARATOR = '\u0000';
const INSTANT_DIGITS = 15;

/**
 * Where a row sorts: receipts together, and within a receipt by sku, then by what the line says, then by row.
 * Lines that differ in nothing but their row may change places without changing the body; so a file exported
 * again in another order still gives the same receipts.
 */
export function rowKey({ source, receiptNo, line, row }: PlacedRow): string {
  const content = line ? [line.sku, canonicalJson(line)] : ['', ''];
  return [source, receiptNo, ...content, row.toString().padStart(INSTANT_DIGITS, '0')].join(SEPARATOR);
}

/** Where a basket sorts: by time, then by receipt. */
export function basketKey({ occurredAt }: Basket, { source, receiptNo }: PlacedRow): string {
  return [occurredAt.toString().padStart(INSTANT_DIGITS, '0'), receiptNo, source].join(SEPARATOR);
}

/** The rows of each receipt, from rows in the order of `rowKey`; more than `maxRows` come in pieces. */
export async function* groupRows(
  rows: AsyncIterable<PlacedRow>,
  maxRows: number,
): AsyncGenerator<{ readonly rows: readonly PlacedRow[]; readonly tooMany: boolean }> {
  let group: PlacedRow[] = [];
  let tooMany = false;
  for await (const row of rows) {
    const [first] = group;
    const same = first !== undefined && first.receiptNo === row.receiptNo && first.source === row.source;
    if (first !== undefined && (!same || group.length >= maxRows)) {
      tooMany ||= same;
      yield { rows: group, tooMany };
      if (!same) tooMany = false;
      group = [];
    }
    group.push(row);
  }
  if (group.length > 0) yield { rows: group, tooMany };
}

/** The basket of all rows of a receipt; when one row is bad, all are rejected: half a receipt is a wrong one. */
export function basketOf(
  rows: readonly PlacedRow[],
  currency: string,
): Result<Basket, readonly RejectedRow[]> {
  const bad = rows.find(({ fault }) => fault !== undefined);
  if (bad) return refuse(rows.map((row) => rejected(row, bad)));
  const read = rows.filter((row): row is ReadRow => row.receipt !== undefined && row.line !== undefined);
  const [first] = read;
  if (!first || read.length !== rows.length) throw new Error('a row has neither content nor fault');
  const shared = canonicalJson(first.receipt);
  const other = read.find(({ receipt }) => canonicalJson(receipt) !== shared);
  if (other) {
    const reason = `Rows ${first.row} and ${other.row} of receipt ${first.receiptNo} differ in ${differing(first.receipt, other.receipt)}.`;
    return refuse(rows.map(({ row, cells }) => ({ row, cells, code: 'RECEIPT_DISAGREES', reason })));
  }
  return ok({
    member: first.receipt.member,
    occurredAt: first.receipt.occurredAt,
    amountMinor: read.reduce((sum, { line }) => sum + line.amountMinor, 0),
    body: bodyOf(first, read, currency),
    rows: rows.map(({ row, cells }) => ({ row, cells })),
  });
}

function bodyOf(first: ReadRow, rows: readonly ReadRow[], currency: string): string {
  const { member, occurredAt, channel, attributes } = first.receipt;
  return JSON.stringify({
    source: first.source,
    receiptNo: first.receiptNo,
    member: { externalId: member },
    occurredAt: formatInstant(occurredAt),
    currency,
    channel,
    lines: rows.map(({ line }, index) => ({ lineNo: index + 1, ...line })),
    attributes,
  });
}

function rejected(row: PlacedRow, bad: PlacedRow): RejectedRow {
  const { row: number, cells, fault } = row;
  if (fault) return { row: number, cells, ...fault };
  const reason = `Row ${bad.row} of the same receipt ${bad.receiptNo} was rejected: ${bad.fault?.code}.`;
  return { row: number, cells, code: 'RECEIPT_REJECTED', reason };
}

function differing(a: ReceiptContent, b: ReceiptContent): string {
  const fields = ['member', 'occurredAt', 'channel', 'attributes'] as const;
  return fields
    .filter((field) => canonicalJson(a[field] ?? null) !== canonicalJson(b[field] ?? null))
    .join(', ');
}
