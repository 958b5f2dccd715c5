import { parseDecimal, formatScaled } from '../../kernel/decimal.js';
import { formatInstant } from '../../kernel/time.js';
import { openCsv } from './csv-file.js';
import { ExternalSort } from './external-sort.js';
import { returnMapper, type PlacedReturn, type ReturnedLine } from './map-return.js';
import type { ReturnMapping } from './parse-return-mapping.js';
import { RejectsFile } from './rejects-file.js';
import type { Fault, RejectedRow, SourceRow } from './row.js';

/** Lines of one return; the API takes no more. */
export const MAX_RETURN_LINES = 100;
/** Decimals of a quantity that are added exactly. */
const QUANTITY_SCALE = 12;

/** A return as `POST /v1/returns` takes it. */
export interface ReturnBody {
  readonly source: string;
  readonly receiptNo: string;
  readonly occurredAt: string;
  readonly original: { readonly source: string; readonly receiptNo: string };
  readonly whole?: true;
  readonly lines?: readonly ReturnedLine[];
}

/** A return with the rows that it came from. */
export interface FileReturn {
  readonly rows: readonly SourceRow[];
  readonly body: ReturnBody;
}

export interface ReadReturns {
  /** In the order in which they happened. */
  readonly returns: ExternalSort<FileReturn>;
  readonly rejects: RejectsFile;
  /** Rows of the file. */
  readonly rows: number;
  /** Rows that are no returns by the mapping. */
  readonly passedOver: number;
}

/** Reads every row of the file and puts the rows of each return together; nothing is sent. */
export async function readReturns(
  { file, rejectsFile }: { readonly file: string; readonly rejectsFile: string },
  mapping: ReturnMapping,
  folder: string,
): Promise<ReadReturns> {
  const csv = await openCsv(file, mapping.csv);
  const toReturn = returnMapper(mapping, csv.header);
  const rejects = await RejectsFile.begin(rejectsFile, csv, mapping.csv);
  const byNumber = new ExternalSort<PlacedReturn>(folder, 'numbers');
  let [rows, passedOver] = [0, 0];
  for await (const row of csv.rows) {
    rows += 1;
    const placed = toReturn(row);
    if (placed === null) passedOver += 1;
    else await byNumber.add(`${placed.source}\0${placed.receiptNo}\0${padded(row.row)}`, placed);
  }
  const returns = new ExternalSort<FileReturn>(folder, 'times');
  for await (const parts of together(byNumber.sorted())) {
    const made = returnOf(parts);
    if ('rejected' in made) await rejects.add(made.rejected);
    else await returns.add(`${padded(parts[0].occurredAt)} ${padded(parts[0].row.row)}`, made);
  }
  return { returns, rejects, rows, passedOver };
}

type Parts = readonly [PlacedReturn, ...PlacedReturn[]];

/** Rows of one number after the other, put together. A row without a number stands alone. */
async function* together(sorted: AsyncIterable<PlacedReturn>): AsyncGenerator<Parts> {
  let parts: [PlacedReturn, ...PlacedReturn[]] | null = null;
  for await (const placed of sorted) {
    const isSame =
      parts !== null &&
      placed.receiptNo !== '' &&
      parts[0].source === placed.source &&
      parts[0].receiptNo === placed.receiptNo;
    if (parts && isSame) parts.push(placed);
    else {
      if (parts) yield parts;
      parts = [placed];
    }
  }
  if (parts) yield parts;
}

/** A return, or all of its rows rejected: half a return would be a wrong one. */
function returnOf(parts: Parts): FileReturn | { readonly rejected: readonly RejectedRow[] } {
  const [first] = parts;
  const bad = parts.filter(({ fault }) => fault !== null);
  if (bad.length > 0) {
    const reason = `Row ${bad[0]?.row.row} of the same return was rejected.`;
    return {
      rejected: parts.map((part) => ({
        ...part.row,
        ...(part.fault ?? { code: 'RETURN_REJECTED', reason }),
      })),
    };
  }
  const said = ({ occurredAt, original }: PlacedReturn) =>
    `${occurredAt} ${original.source}\0${original.receiptNo}`;
  const other = parts.find((part) => said(part) !== said(first));
  if (other) {
    const reason = `Rows ${first.row.row} and ${other.row.row} of one return name different times or receipts.`;
    return refused(parts, { code: 'RETURN_DISAGREES', reason });
  }
  const { source, receiptNo, original } = first;
  const head = { source, receiptNo, occurredAt: formatInstant(first.occurredAt), original };
  const rows = parts.map(({ row }) => row);
  if (first.line === null) return { rows, body: { ...head, whole: true } };
  const lines = addedUp(parts.flatMap(({ line }) => (line ? [line] : [])));
  if (lines === null) {
    const reason = 'One article comes back by its quantity in one row and by an amount in another.';
    return refused(parts, { code: 'RETURN_MIXED', reason });
  }
  if (lines.length > MAX_RETURN_LINES) {
    const reason = `The return has more than ${MAX_RETURN_LINES} lines.`;
    return refused(parts, { code: 'RETURN_TOO_LONG', reason });
  }
  return { rows, body: { ...head, lines } };
}

function refused(parts: Parts, fault: Fault): { readonly rejected: readonly RejectedRow[] } {
  return { rejected: parts.map(({ row }) => ({ ...row, ...fault })) };
}

/** One line for each article or line, in the order of their names, so that it is the same on every run. */
function addedUp(lines: readonly ReturnedLine[]): readonly ReturnedLine[] | null {
  const byName = new Map<string, ReturnedLine>();
  for (const line of lines) {
    const name = line.sku ?? padded(line.lineNo ?? 0);
    const before = byName.get(name);
    if (!before) byName.set(name, line);
    else if (before.quantity !== undefined && line.quantity !== undefined)
      byName.set(name, { ...before, quantity: sum(before.quantity, line.quantity) });
    else if (before.amountMinor !== undefined && line.amountMinor !== undefined)
      byName.set(name, { ...before, amountMinor: before.amountMinor + line.amountMinor });
    else return null;
  }
  return [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line);
}

function sum(a: string, b: string): string {
  const units = (text: string) => {
    const { numerator, denominator } = parseDecimal(text);
    return (numerator * 10n ** BigInt(QUANTITY_SCALE)) / denominator;
  };
  return formatScaled(units(a) + units(b), QUANTITY_SCALE).replace(/\.?0+$/, '');
}

function padded(number: number): string {
  return number.toString().padStart(15, '0');
}
