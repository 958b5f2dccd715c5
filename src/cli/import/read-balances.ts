import type { Figures } from './balance-figures.js';
import { openCsv } from './csv-file.js';
import { ExternalSort } from './external-sort.js';
import { balanceMapper, type BalanceLot } from './map-balance.js';
import type { BalanceMapping } from './parse-balance-mapping.js';
import { RejectsFile } from './rejects-file.js';
import type { RejectedRow, SourceRow } from './row.js';

/** A lot with the row that it came from. */
export interface PlacedLot {
  readonly row: SourceRow;
  readonly lot: BalanceLot;
}

/** What was read of the file. */
export interface ReadBalances {
  /** By the day on which they were earned, so that a member is enrolled with the first. */
  readonly lots: LotsByDay;
  readonly figures: Figures;
  /** Rows of 0 points: they are no lots. */
  readonly empty: number;
  readonly rejects: RejectsFile;
}

/** Sorts lots by the day on which they were earned, and those of one day as they stand in the file. */
export class LotsByDay extends ExternalSort<PlacedLot> {
  /** Takes a lot; resolves when there is room for the next. */
  place(placed: PlacedLot): Promise<void> | undefined {
    return this.add(`${placed.lot.earnedOn} ${paddedRow(placed)}`, placed);
  }
}

function paddedRow({ row }: PlacedLot): string {
  return row.row.toString().padStart(12, '0');
}

/** Reads every row of the file and validates it by itself and beside the others; nothing is sent. */
export async function readBalances(
  { file, rejectsFile }: { readonly file: string; readonly rejectsFile: string },
  mapping: BalanceMapping,
  folder: string,
): Promise<ReadBalances> {
  const csv = await openCsv(file, mapping.csv);
  const toLot = balanceMapper(mapping, csv.header);
  const rejects = await RejectsFile.begin(rejectsFile, csv, mapping.csv);
  const byId = new ExternalSort<PlacedLot>(folder, 'ids');
  let empty = 0;
  for await (const row of csv.rows) {
    const mapped = toLot(row);
    if (mapped.kind === 'empty') empty += 1;
    else if (mapped.kind === 'fault') await rejects.add([mapped.row]);
    else await byId.add(`${mapped.lot.externalId}\0${paddedRow(mapped)}`, mapped);
  }
  const lots = new LotsByDay(folder, 'lots');
  const figures = { lots: 0, points: 0, carriedMinor: 0 };
  for await (const { placed, twin } of withTwins(byId.sorted())) {
    if (twin !== null) {
      await rejects.add([twinFault(placed, twin)]);
      continue;
    }
    figures.lots += 1;
    figures.points += placed.lot.points;
    figures.carriedMinor += placed.lot.carriedMinor;
    await lots.place(placed);
  }
  return { lots, figures, empty, rejects };
}

/** Each lot with the row of another one with the same external id; such lots come one after the other. */
async function* withTwins(
  lots: AsyncIterable<PlacedLot>,
): AsyncGenerator<{ readonly placed: PlacedLot; readonly twin: number | null }> {
  let before: PlacedLot | null = null;
  let twin: number | null = null;
  for await (const placed of lots) {
    const isTwin: boolean = before?.lot.externalId === placed.lot.externalId;
    if (before) yield { placed: before, twin: isTwin ? placed.row.row : twin };
    twin = isTwin && before ? before.row.row : null;
    before = placed;
  }
  if (before) yield { placed: before, twin };
}

function twinFault({ row, lot }: PlacedLot, twin: number): RejectedRow {
  const reason = `The external id "${lot.externalId}" of row ${row.row} is that of row ${twin} too.`;
  return { ...row, code: 'EXTERNAL_ID_TWICE', reason };
}
