import { CsvError, parse } from 'csv-parse';
import { createReadStream } from 'node:fs';
import { Transform } from 'node:stream';
import { ImportError, messageOf } from './import-error.js';
import type { CsvFormat } from './mapping.js';
import type { SourceRow } from './row.js';

/** A CSV file that is being read; `rows` is to be read once. */
export interface CsvFile {
  readonly header: readonly string[];
  readonly rows: AsyncIterable<SourceRow>;
}

/** A row longer than this is a quote that was never closed. */
const MAX_ROW_CHARACTERS = 1_000_000;

/**
 * Opens a CSV file as a stream: any size, bounded memory. Empty lines are passed over; rows are numbered like in
 * a spreadsheet, the header being row 1.
 *
 * @param onBytes told how many bytes of the file have been read so far
 * @throws ImportError when the file cannot be read or is no CSV, at the row where that shows
 */
export async function openCsv(
  path: string,
  format: CsvFormat,
  onBytes?: (bytes: number) => void,
): Promise<CsvFile> {
  const records = readRecords(path, format, onBytes);
  if (format.columns !== null) return { header: format.columns, rows: numbered(records, 1) };
  const first = await records.next();
  if (first.done) throw new ImportError(`${path} is empty`);
  return { header: first.value.map((name) => name.trim()), rows: numbered(records, 2) };
}

async function* numbered(records: AsyncIterable<string[]>, first: number): AsyncGenerator<SourceRow> {
  let row = first;
  for await (const cells of records) {
    yield { row, cells };
    row += 1;
  }
}

async function* readRecords(
  path: string,
  format: CsvFormat,
  onBytes: ((bytes: number) => void) | undefined,
): AsyncGenerator<string[]> {
  const parser = parse({
    delimiter: format.delimiter,
    quote: format.quote,
    // A row with another number of columns is rejected by itself.
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_ROW_CHARACTERS,
  });
  const bytes = createReadStream(path, { highWaterMark: 262_144 });
  const text = decoder(format.encoding, onBytes);
  // pipe() passes no errors on.
  bytes.on('error', (error) => parser.destroy(error));
  text.on('error', (error) => parser.destroy(error));
  bytes.pipe(text).pipe(parser);
  try {
    for await (const record of parser) yield record as string[];
  } catch (error) {
    throw readable(path, error);
  } finally {
    bytes.destroy();
    text.destroy();
  }
}

/** Bytes -> text; a byte order mark is taken off, and bytes that are no text in this encoding are an error. */
function decoder(encoding: string, onBytes: ((bytes: number) => void) | undefined): Transform {
  const decode = new TextDecoder(encoding, { fatal: true });
  let count = 0;
  return new Transform({
    decodeStrings: false,
    encoding: 'utf8',
    transform(chunk: Buffer, _encoding, done) {
      count += chunk.length;
      onBytes?.(count);
      try {
        done(null, decode.decode(chunk, { stream: true }));
      } catch {
        done(
          new ImportError(
            `it is not text in ${encoding} (near byte ${count}); set csv.encoding in the mapping`,
          ),
        );
      }
    },
    flush(done) {
      try {
        done(null, decode.decode());
      } catch {
        done(new ImportError(`it ends in the middle of a character of ${encoding}`));
      }
    },
  });
}

function readable(path: string, error: unknown): ImportError {
  // The message of the parser names the line.
  if (error instanceof CsvError)
    return new ImportError(`${path} is not CSV: ${error.message}`, { cause: error });
  return new ImportError(`${path} cannot be read: ${messageOf(error)}`, { cause: error });
}
