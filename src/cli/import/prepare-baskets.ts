import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { basketKey, basketOf, groupRows, rowKey, type Basket, type GroupedRows } from './basket.js';
import { openCsv, type CsvFile } from './csv-file.js';
import { ExternalSort } from './external-sort.js';
import { StoppedError } from './import-error.js';
import { MAX_LINES } from './limits.js';
import { loadLookups } from './load-lookups.js';
import { rowMapper, type RowMapper } from './map-row.js';
import type { Mapping } from './mapping.js';
import type { ImportOptions } from './options.js';
import type { Progress } from './progress.js';
import { RejectsFile } from './rejects-file.js';
import type { PlacedRow } from './row.js';
import type { Totals } from './summary.js';

/** Rows between two looks at the progress. */
const LOOK_EVERY = 256;

/** What every step of one import shares. */
export interface ImportRun {
  readonly options: ImportOptions;
  readonly mapping: Mapping;
  readonly totals: Totals;
  readonly progress: Progress;
  readonly stop: AbortSignal;
  /** A folder of this run alone, removed at its end. */
  readonly folder: string;
}

export interface PreparedBaskets {
  readonly baskets: ExternalSort<Basket>;
  readonly rejects: RejectsFile;
}

/**
 * Everything before the first request: reads the file, brings the lines of each receipt together, and puts the
 * receipts in the order in which they happened. Nothing has been posted when this fails or is stopped.
 */
export async function prepareBaskets(run: ImportRun): Promise<PreparedBaskets> {
  const { options, mapping, progress } = run;
  const { size } = await stat(options.file).catch(() => ({ size: 0 }));
  let bytes = 0;
  const csv = await openCsv(options.file, mapping.csv, (count) => {
    bytes = count;
  });
  const toLine = rowMapper(mapping, csv.header, await loadLookups(mapping, dirname(options.mappingFile)));
  const rejects = await RejectsFile.begin(options.rejectsFile, csv, mapping.csv);
  try {
    progress.begin({ name: '1/3 reading', total: size, unit: 'rows' });
    const rows = await readRows(run, csv, toLine, rejects, () => bytes);
    progress.end();
    progress.begin({ name: '2/3 grouping', total: rows.count, unit: 'rows' });
    const baskets = await groupBaskets(run, rows, rejects);
    progress.end();
    return { baskets, rejects };
  } catch (error) {
    await rejects.close();
    throw error;
  }
}

async function readRows(
  { stop, totals, progress, folder }: ImportRun,
  csv: CsvFile,
  toLine: RowMapper,
  rejects: RejectsFile,
  bytes: () => number,
): Promise<ExternalSort<PlacedRow>> {
  const sort = new ExternalSort<PlacedRow>(folder, 'rows');
  for await (const source of csv.rows) {
    const mapped = toLine(source);
    totals.rowsRead += 1;
    if (mapped.placed) await sort.add(rowKey(mapped.row), mapped.row);
    else await rejects.add([mapped.row]);
    if (totals.rowsRead % LOOK_EVERY > 0) continue;
    if (stop.aborted) throw new StoppedError();
    progress.at(bytes(), totals.rowsRead);
  }
  progress.at(bytes(), totals.rowsRead);
  return sort;
}

async function groupBaskets(
  { stop, totals, progress, folder, mapping }: ImportRun,
  rows: ExternalSort<PlacedRow>,
  rejects: RejectsFile,
): Promise<ExternalSort<Basket>> {
  const sort = new ExternalSort<Basket>(folder, 'baskets');
  let seen = 0;
  for await (const group of groupRows(rows.sorted(), MAX_LINES)) {
    seen += group.rows.length;
    const grouped = group.tooMany ? tooMany(group.rows) : basketOf(group.rows, mapping);
    if (grouped.kind === 'basket')
      await sort.add(basketKey(grouped.basket, group.rows[0] as PlacedRow), grouped.basket);
    else if (grouped.kind === 'rejected') {
      await rejects.add(grouped.rows);
      totals.unreadable += 1;
    } else {
      totals.withoutMember += 1;
      totals.withoutMemberMinor += BigInt(grouped.amountMinor ?? 0);
    }
    if (stop.aborted) throw new StoppedError();
    progress.at(seen);
  }
  return sort;
}

function tooMany(rows: readonly PlacedRow[]): GroupedRows {
  const code = 'RECEIPT_TOO_LONG';
  const rejected = rows.map(({ row, cells, receiptNo }) => {
    const reason = `Receipt ${receiptNo} has more than ${MAX_LINES} rows; is receiptNo the right column?`;
    return { row, cells, code, reason };
  });
  return { kind: 'rejected', rows: rejected };
}
