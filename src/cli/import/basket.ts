import { canonicalJson } from '../../kernel/canonical-json.js';
import { formatInstant, type Instant } from '../../kernel/time.js';
import type { Mapping } from './mapping.js';
import { addTenders } from './read-tenders.js';
import type {
  Fault,
  LineContent,
  PlacedRow,
  ReceiptContent,
  RejectedRow,
  SourceRow,
  TenderContent,
} from './row.js';

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
}

const SEPARATOR = '\u0000';
const INSTANT_DIGITS = 15;

/**
 * Where a row sorts: receipts together, and within a receipt by sku, then by what the line says, then by row.
 * Lines that differ in nothing but their row may change places without changing the body; so a file exported
 * again in another order still gives the same receipts.
 */
export function rowKey({ source, receiptNo, line, discountMinor = 0, row }: PlacedRow): string {
  const content = line ? [line.sku, canonicalJson(line)] : ['', discountMinor.toString()];
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

/** What becomes of the rows of a receipt. */
export type GroupedRows =
  | { readonly kind: 'basket'; readonly basket: Basket }
  | { readonly kind: 'rejected'; readonly rows: readonly RejectedRow[] }
  /** The customer is no member. `amountMinor` null: not asked for. */
  | { readonly kind: 'left'; readonly amountMinor: number | null };

/** The basket of all rows of a receipt; when one row is bad, all are rejected: half a receipt is a wrong one. */
export function basketOf(
  rows: readonly PlacedRow[],
  { currency, noMember }: Pick<Mapping, 'currency' | 'noMember'>,
): GroupedRows {
  const withoutMember = rows.every((row) => row.noMember);
  if (withoutMember && noMember.receipts === 'skip') return { kind: 'left', amountMinor: null };
  const bad = rows.find(({ fault }) => fault !== undefined);
  if (bad) return { kind: 'rejected', rows: rows.map((row) => rejected(row, bad)) };
  const read = rows.filter((row): row is ReadRow => row.receipt !== undefined);
  const [first] = read;
  if (!first || read.length !== rows.length) throw new Error('a row has neither content nor fault');
  const shared = canonicalJson(first.receipt);
  const other = read.find(({ receipt }) => canonicalJson(receipt) !== shared);
  if (other) {
    const reason = `Rows ${first.row} and ${other.row} of receipt ${first.receiptNo} differ in ${differing(first.receipt, other.receipt)}.`;
    return refused(rows, { code: 'RECEIPT_DISAGREES', reason });
  }
  const lines = read.flatMap(({ line }) => (line ? [line] : []));
  const discountMinor = read.reduce((sum, row) => sum + (row.discountMinor ?? 0), 0);
  const amountMinor = lines.reduce((sum, line) => sum + line.amountMinor, -discountMinor);
  if (lines.length === 0 || amountMinor < 0) {
    const reason = `Receipt ${first.receiptNo} comes to less than nothing; returns are not imported as purchases.`;
    return refused(rows, { code: 'RECEIPT_NEGATIVE', reason });
  }
  const tenders = tendersOf(first, read, discountMinor);
  if (tenders === null) {
    const reason = `Receipt ${first.receiptNo} was paid in more ways than can be taken.`;
    return refused(rows, { code: 'RECEIPT_TENDERS', reason });
  }
  if (withoutMember) return { kind: 'left', amountMinor };
  const basket = {
    member: first.receipt.member ?? '',
    occurredAt: first.receipt.occurredAt,
    amountMinor,
    body: bodyOf(first, lines, tenders, currency),
    rows: rows.map(({ row, cells }) => ({ row, cells })),
  };
  return { kind: 'basket', basket };
}

/** What the receipt was paid with; its discount rows together are a coupon. */
function tendersOf(
  { receipt }: ReadRow,
  rows: readonly ReadRow[],
  discountMinor: number,
): readonly TenderContent[] | null {
  const discount: readonly TenderContent[] =
    discountMinor === 0 ? [] : [{ type: 'discount', kind: 'discount', amountMinor: discountMinor }];
  return addTenders([
    ...(receipt.tenders ?? []),
    ...rows.flatMap(({ tenders = [] }) => tenders),
    ...discount,
  ]);
}

function bodyOf(
  first: ReadRow,
  lines: readonly LineContent[],
  tenders: readonly TenderContent[],
  currency: string,
): string {
  const { member, occurredAt, channel, attributes } = first.receipt;
  return JSON.stringify({
    source: first.source,
    receiptNo: first.receiptNo,
    member: { externalId: member },
    occurredAt: formatInstant(occurredAt),
    currency,
    channel,
    lines: lines.map((line, index) => ({ lineNo: index + 1, ...line })),
    tenders: tenders.length > 0 ? tenders : undefined,
    attributes,
  });
}

function refused(rows: readonly PlacedRow[], fault: Fault): GroupedRows {
  return { kind: 'rejected', rows: rows.map(({ row, cells }) => ({ row, cells, ...fault })) };
}

function rejected(row: PlacedRow, bad: PlacedRow): RejectedRow {
  const { row: number, cells, fault } = row;
  if (fault) return { row: number, cells, ...fault };
  const reason = `Row ${bad.row} of the same receipt ${bad.receiptNo} was rejected: ${bad.fault?.code}.`;
  return { row: number, cells, code: 'RECEIPT_REJECTED', reason };
}

function differing(a: ReceiptContent, b: ReceiptContent): string {
  const fields = ['member', 'occurredAt', 'channel', 'tenders', 'attributes'] as const;
  return fields
    .filter((field) => canonicalJson(a[field] ?? null) !== canonicalJson(b[field] ?? null))
    .join(', ');
}
