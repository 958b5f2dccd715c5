import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkProgramme } from './check-programme.js';
import { ImportError, messageOf, StoppedError } from './import-error.js';
import { EXIT, type ImportIo } from './import-purchases.js';
import { ApiError, isPassing, LaurelApi, problemText, type ApiAnswer } from './laurel-api.js';
import { MappingError } from './mapping.js';
import { parsedArguments, placesOf, UsageError, type Places } from './options.js';
import { parseReturnMapping } from './parse-return-mapping.js';
import { readReturns, type FileReturn, type ReadReturns } from './read-returns.js';
import { DEFAULT_PATIENCE, untilDone } from './retry.js';

const RETURNS_HELP = `Usage: npm run laurel -- import returns FILE --mapping mapping.json [options]

Reads a CSV file of goods that came back and posts the returns in the order in which they happened, each against
the receipt that it names. Import the receipts first. Can be stopped and run again: nothing is taken back twice.

  --mapping FILE   how your columns become returns (docs/import.md)
  --url URL        the server (LAUREL_URL)
  --key KEY        an API key with the scope import (LAUREL_KEY)
  --rejects FILE   where rejected rows go (default: FILE.rejected.csv)
  --dry-run        write nothing; with a key the server is asked what it would say, without one the file is checked
  --help           this text

Exit codes: 0 everything is in, 2 some rows were rejected, 1 failed, 130 stopped.
`;

const OPTIONS = {
  mapping: { type: 'string' },
  url: { type: 'string' },
  key: { type: 'string' },
  rejects: { type: 'string' },
  'dry-run': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

interface ReturnOptions extends Places {
  readonly dryRun: boolean;
}

interface Totals {
  returns: number;
  posted: number;
  replayed: number;
  refused: number;
}

/** `laurel import returns`. @returns the exit code: 0 all in, 2 some rejected, 1 failed, 130 stopped */
export async function importReturns(args: string[], env: NodeJS.ProcessEnv, io: ImportIo): Promise<number> {
  const stopping = new AbortController();
  const onSignal = (): void => stopping.abort();
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  try {
    const { values, positionals } = parsedArguments(args, OPTIONS);
    if (values.help) {
      io.stdout.write(RETURNS_HELP);
      return EXIT.allIn;
    }
    const places = placesOf(values, positionals, env);
    const dryRun = values['dry-run'] ?? false;
    if (places.key === null && !dryRun) throw new UsageError('Give an API key with LAUREL_KEY or --key.');
    return await run({ ...places, dryRun }, io, stopping.signal);
  } catch (error) {
    if (error instanceof StoppedError) {
      io.stderr.write('Stopped. Run the same command again to go on.\n');
      return EXIT.stopped;
    }
    if (error instanceof UsageError) io.stderr.write(`${error.message}\n\n${RETURNS_HELP}`);
    else if (error instanceof MappingError)
      io.stderr.write(`The mapping cannot be used:\n  ${error.faults.join('\n  ')}\n`);
    else io.stderr.write(`The import failed: ${messageOf(error)}\n`);
    return EXIT.failed;
  } finally {
    process.removeListener('SIGINT', onSignal);
    process.removeListener('SIGTERM', onSignal);
  }
}

async function run(options: ReturnOptions, io: ImportIo, stop: AbortSignal): Promise<number> {
  const text = await readFile(options.mappingFile, 'utf8').catch((error: unknown) => {
    throw new ImportError(`${options.mappingFile} cannot be read: ${messageOf(error)}`);
  });
  const mapping = parseReturnMapping(text);
  const api = options.key === null ? null : new LaurelApi(options.url, options.key, 1);
  const folder = await mkdtemp(join(tmpdir(), 'laurel-import-'));
  try {
    if (api) await checkProgramme(api, mapping, { ...options, quiet: false }, io.stderr);
    const read = await readReturns(options, mapping, folder);
    const totals: Totals = { returns: 0, posted: 0, replayed: 0, refused: 0 };
    try {
      for await (const each of read.returns.sorted()) {
        if (stop.aborted) throw new StoppedError();
        totals.returns += 1;
        if (api) await post(each, api, options.dryRun, read, totals, stop);
      }
    } finally {
      await read.rejects.close();
      io.stdout.write(report(options, read, totals, api === null));
    }
    return read.rejects.count > 0 ? EXIT.someRejected : EXIT.allIn;
  } finally {
    api?.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** One after the other: what a return finds of its receipt depends on those before. */
async function post(
  { rows, body }: FileReturn,
  api: LaurelApi,
  dryRun: boolean,
  { rejects }: ReadReturns,
  totals: Totals,
  stop: AbortSignal,
): Promise<void> {
  let answer: ApiAnswer = { status: 0, body: null, replayed: false };
  const attempt = async (): Promise<'done'> => {
    answer = await api.json('POST', `/v1/returns${dryRun ? '?dryRun=true' : ''}`, body);
    if (answer.status === 401 || answer.status === 403 || answer.status >= 500)
      throw new ApiError(
        `the server refused: ${answer.status} ${problemText(answer.body)}`,
        isPassing(answer.status),
        null,
      );
    return 'done';
  };
  await untilDone(attempt, () => false, DEFAULT_PATIENCE, stop);
  if (answer.status < 300) totals[answer.replayed ? 'replayed' : 'posted'] += 1;
  else {
    totals.refused += 1;
    const { code } = answer.body as { readonly code?: string };
    const reason = problemText(answer.body);
    await rejects.add(rows.map((row) => ({ ...row, code: code ?? String(answer.status), reason })));
  }
}

function report(
  { dryRun, rejectsFile }: ReturnOptions,
  { rejects, rows, passedOver }: ReadReturns,
  { returns, posted, replayed, refused }: Totals,
  isUnasked: boolean,
): string {
  const count = (value: number) => value.toLocaleString('en-US');
  const answers = isUnasked
    ? 'the server was not asked'
    : `${count(posted)} ${dryRun ? 'would go in' : 'new'}, ${count(replayed)} there already, ${count(refused)} refused`;
  const lines = [
    ['Rows', `${count(rows)} read, ${count(passedOver)} are no returns, ${count(rejects.count)} rejected`],
    ['Returns', `${count(returns)} read, ${answers}`],
    ...(rejects.count > 0 ? [['Rejected rows', `in ${rejectsFile}`]] : []),
    ...(dryRun ? [['Dry run', 'nothing was written']] : []),
  ];
  return lines.map(([name = '', value = '']) => `${name.padEnd(14)}${value}\n`).join('');
}
