import { setMaxListeners } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ImportError, messageOf, StoppedError } from './import-error.js';
import { ENROL_CONCURRENCY } from './enrol-members.js';
import { LaurelApi } from './laurel-api.js';
import { MappingError, type Mapping } from './mapping.js';
import { HELP, parseOptions, UsageError, type ImportOptions } from './options.js';
import { parseMapping } from './parse-mapping.js';
import { postBaskets, type PostingSettings } from './post-baskets.js';
import { checkProgramme } from './check-programme.js';
import { prepareBaskets, type ImportRun, type PreparedBaskets } from './prepare-baskets.js';
import { progressOn, type ErrorStream } from './progress.js';
import { DEFAULT_PATIENCE } from './retry.js';
import { newTotals, summaryText } from './summary.js';

export interface ImportIo {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: ErrorStream;
}

export const EXIT = { allIn: 0, failed: 1, someRejected: 2, stopped: 130 } as const;

const DEFAULT_SETTINGS: PostingSettings = {
  patience: DEFAULT_PATIENCE,
  chunkBaskets: 2_000,
  chunkCharacters: 4_000_000,
};

/**
 * `laurel import purchases`: posts the receipts of a CSV file. Progress goes to stderr, the figures to stdout.
 * The first Ctrl-C finishes the chunk under way; a second one ends the process at once.
 *
 * @returns the exit code: 0 all in, 2 some rejected, 1 failed, 130 stopped
 */
export async function importPurchases(
  args: string[],
  env: NodeJS.ProcessEnv,
  io: ImportIo,
  settings: PostingSettings = DEFAULT_SETTINGS,
): Promise<number> {
  const stopping = new AbortController();
  // Every enrolment that waits for a busy server listens.
  setMaxListeners(2 * ENROL_CONCURRENCY, stopping.signal);
  const onSignal = (): void => {
    stopping.abort();
    io.stderr.write('\nStopping after the chunk under way; press Ctrl-C again to end at once.\n');
  };
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  try {
    const options = parseOptions(args, env);
    if (options === 'help') {
      io.stdout.write(HELP);
      return EXIT.allIn;
    }
    return await runImport(options, io, settings, stopping.signal);
  } catch (error) {
    return explain(error, io.stderr);
  } finally {
    process.removeListener('SIGINT', onSignal);
    process.removeListener('SIGTERM', onSignal);
  }
}

async function runImport(
  options: ImportOptions,
  io: ImportIo,
  settings: PostingSettings,
  stop: AbortSignal,
): Promise<number> {
  const startedAt = performance.now();
  const mapping = await readMapping(options.mappingFile);
  const api = options.key === null ? null : new LaurelApi(options.url, options.key, ENROL_CONCURRENCY + 1);
  const folder = await mkdtemp(join(tmpdir(), 'laurel-import-'));
  try {
    // Before an hour of sorting: is anybody there, and is it the right programme?
    if (api) await checkProgramme(api, mapping, options, io.stderr);
    const progress = progressOn(io.stderr, options.quiet, () => performance.now());
    const run: ImportRun = { options, mapping, totals: newTotals(), progress, stop, folder };
    const prepared = await prepareBaskets(run);
    return await postAndReport(run, prepared, api, io, settings, startedAt);
  } finally {
    api?.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function postAndReport(
  run: ImportRun,
  prepared: PreparedBaskets,
  api: LaurelApi | null,
  { stdout, stderr }: ImportIo,
  settings: PostingSettings,
  startedAt: number,
): Promise<number> {
  const { options, totals, mapping } = run;
  const postingAt = performance.now();
  let end: 'done' | 'stopped' | 'failed' = 'failed';
  try {
    end = api ? await postBaskets(run, prepared, api, settings) : 'done';
  } finally {
    await prepared.rejects.close();
    totals.rejectedRows = prepared.rejects.count;
    const now = performance.now();
    const { currency } = mapping;
    const times = { elapsedMs: now - startedAt, postingMs: now - postingAt };
    const context = { dryRun: options.dryRun, currency, rejectsPath: options.rejectsFile, ...times };
    stdout.write(summaryText(totals, { ...context, checked: api ? null : prepared.baskets.count }));
    if (end !== 'done')
      stderr.write('Run the same command again to go on: what is in is not counted twice.\n');
  }
  if (end === 'stopped') return EXIT.stopped;
  return totals.rejectedRows > 0 ? EXIT.someRejected : EXIT.allIn;
}

async function readMapping(path: string): Promise<Mapping> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new ImportError(`${path} cannot be read: ${messageOf(error)}`);
  });
  return parseMapping(text);
}

function explain(error: unknown, stderr: ErrorStream): number {
  if (error instanceof StoppedError) {
    stderr.write('Stopped. Run the same command again to go on.\n');
    return EXIT.stopped;
  }
  if (error instanceof UsageError) stderr.write(`${error.message}\n\n${HELP}`);
  else if (error instanceof MappingError)
    stderr.write(`The mapping cannot be used:\n${indent(error.faults)}`);
  else stderr.write(`The import failed: ${messageOf(error)}\n`);
  return EXIT.failed;
}

function indent(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}\n`).join('');
}
