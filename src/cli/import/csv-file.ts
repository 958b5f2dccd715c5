import { CsvError, parse, type Info } from 'csv-parse';
import { createReadStream } from 'node:fs';
import { decodeText, type SeenBytes } from './decode-text.js';
import { ImportError, messageOf } from './import-error.js';
import type { CsvFormat } from './mapping.js';
import type { SourceRow } from './row.js';

/** A CSV file that is being read; `rows` is to be read once. */
export interface CsvFile {
  readonly header: readonly string[];
  readonly rows: AsyncIterable<SourceRow>;
  readonly seen: Readonly<SeenBytes>;
}

/** What a rejects file has before the columns of its original, by which it is known as one. */
export const REJECT_COLUMNS = ['rejected_row', 'rejected_code', 'rejected_reason'] as const;

const STRAY_QUOTE =
  '; say "strayQuotes": "keep" in csv of the mapping to read a quote as a character like any other';

/** A row longer than this is a quote that was never closed. */
const MAX_ROW_CHARACTERS = 1_000_000;

/**
 * Opens a CSV file as a stream: any size, bounded memory. Rows with nothing in them are passed over; rows are numbered
 * as a spreadsheet numbers them. Of a rejects file the columns that the importer added are taken off.
 *
 * @param onBytes told how many bytes of the file have been read so far
 * @throws ImportError when the file cannot be read or is no CSV, at the row where that shows
 */
export async function openCsv(
  path: string,
  format: CsvFormat,
  onBytes?: (bytes: number) => void,
): Promise<CsvFile> {
  const seen: SeenBytes = { count: 0, hasMark: false };
  const records = readRecords(path, format, seen, onBytes);
  const first = await records.next();
  if (first.done) {
    if (format.columns !== null) return { header: format.columns, rows: empty(), seen };
    throw new ImportError(`${path} is empty`);
  }
  const isRejects = REJECT_COLUMNS.every((name, index) => first.value.cells[index]?.trim() === name);
  const added = isRejects ? REJECT_COLUMNS.length : 0;
  // A rejects file says its columns, also where its original did not.
  const isHeader = format.columns === null || isRejects;
  const header = format.columns ?? first.value.cells.slice(added).map((name) => name.trim());
  return { header, rows: without(added, isHeader ? null : first.value, records), seen };
}

/** The rows with our own columns taken off, `before` first. */
async function* without(
  added: number,
  before: SourceRow | null,
  records: AsyncIterable<SourceRow>,
): AsyncGenerator<SourceRow> {
  if (before) yield before;
  if (added === 0) yield* records;
  else for await (const { row, cells } of records) yield { row, cells: cells.slice(added) };
}

async function* empty(): AsyncGenerator<SourceRow> {}

async function* readRecords(
  path: string,
  format: CsvFormat,
  seen: SeenBytes,
  onBytes: ((bytes: number) => void) | undefined,
): AsyncGenerator<SourceRow> {
  const parser = parse({
    delimiter: format.delimiter,
    quote: format.quote,
    escape: format.quote ?? '"',
    // A row with another number of columns is rejected by itself.
    relax_column_count: true,
    relax_quotes: format.strayQuotes === 'keep',
    skip_empty_lines: true,
    max_record_size: MAX_ROW_CHARACTERS,
    info: true,
  });
  const bytes = createReadStream(path, { highWaterMark: 262_144 });
  const text = decodeText(format.encoding, seen);
  // pipe() passes no errors on.
  bytes.on('error', (error) => parser.destroy(error));
  text.on('error', (error) => parser.destroy(error));
  bytes.pipe(text).pipe(parser);
  let hidden = 0;
  try {
    for await (const { record: cells, info } of parser as AsyncIterable<{ record: string[]; info: Info }>) {
      onBytes?.(seen.count);
      // A line break within quotes makes no row; an empty line does.
      const row = info.records + info.empty_lines - hidden;
      if (row === 1 && hidden === 0 && namesDelimiter(cells, format, path)) hidden = 1;
      else if (cells.some((cell) => cell.trim() !== '')) yield { row, cells };
    }
  } catch (error) {
    throw readable(path, error, hidden);
  } finally {
    bytes.destroy();
    text.destroy();
  }
}

/**
 * Whether the first row is Excel's `sep=;`, which is no row of the sheet.
 * @throws ImportError when it names another delimiter than the mapping.
 */
function namesDelimiter(cells: readonly string[], { delimiter }: CsvFormat, path: string): boolean {
  const named = /^"?sep=(.)"?$/iu.exec(cells.join(delimiter))?.[1];
  if (named === undefined) return false;
  if (named === delimiter) return true;
  throw new ImportError(
    `${path} says that "${named}" stands between its columns, the mapping says "${delimiter}"; set csv.delimiter in the mapping`,
  );
}

function readable(path: string, error: unknown, hidden: number): ImportError {
  if (error instanceof ImportError && error.message.startsWith(path)) return error;
  if (error instanceof CsvError) {
    const { records = 0, empty_lines: emptyLines = 0 } = error as unknown as Partial<Info>;
    const row = records + emptyLines + 1 - hidden;
    const hint = /QUOTE/.test(error.code) ? STRAY_QUOTE : '';
    return new ImportError(`${path} is not CSV in row ${row}: ${error.message}${hint}`, { cause: error });
  }
  return new ImportError(`${path} cannot be read: ${messageOf(error)}`, { cause: error });
}
