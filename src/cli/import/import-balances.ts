import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { currencyExponent } from '../../kernel/money.js';
import { BALANCES_HELP, parseBalanceOptions, type BalanceOptions } from './balance-options.js';
import type { Figures } from './balance-figures.js';
import { balanceReport, type Proof } from './balance-report.js';
import { checkProgramme } from './check-programme.js';
import { ENROL_CONCURRENCY, MemberEnroller } from './enrol-members.js';
import { ImportError, messageOf } from './import-error.js';
import { EXIT, type ImportIo } from './import-purchases.js';
import { LaurelApi, problemText } from './laurel-api.js';
import { MappingError } from './mapping.js';
import { parseMoney } from './money-text.js';
import { UsageError } from './options.js';
import { parseBalanceMapping, type BalanceMapping } from './parse-balance-mapping.js';
import { BalancePoster, MAX_BALANCE_LOTS, type BalanceTotals } from './post-balances.js';
import { LotsByDay, readBalances, type PlacedLot, type ReadBalances } from './read-balances.js';
import { DEFAULT_PATIENCE } from './retry.js';

/**
 * `laurel import balances`: brings an old system's open points in, against its control totals, and prints the proof.
 * @returns the exit code: 0 all is in and agrees, 2 something differs or was rejected, 1 failed
 */
export async function importBalances(args: string[], env: NodeJS.ProcessEnv, io: ImportIo): Promise<number> {
  try {
    const options = parseBalanceOptions(args, env);
    if (options === 'help') {
      io.stdout.write(BALANCES_HELP);
      return EXIT.allIn;
    }
    return await run(options, io);
  } catch (error) {
    if (error instanceof UsageError) io.stderr.write(`${error.message}\n\n${BALANCES_HELP}`);
    else if (error instanceof MappingError)
      io.stderr.write(`The mapping cannot be used:\n  ${error.faults.join('\n  ')}\n`);
    else io.stderr.write(`The import failed: ${messageOf(error)}\n`);
    return EXIT.failed;
  }
}

async function run(options: BalanceOptions, io: ImportIo): Promise<number> {
  const text = await readFile(options.mappingFile, 'utf8').catch((error: unknown) => {
    throw new ImportError(`${options.mappingFile} cannot be read: ${messageOf(error)}`);
  });
  const mapping = parseBalanceMapping(text);
  const stated = statedFigures(options, mapping);
  const api = new LaurelApi(options.url, options.key, ENROL_CONCURRENCY + 1);
  const folder = await mkdtemp(join(tmpdir(), 'laurel-import-'));
  try {
    await checkProgramme(api, { ...mapping, timeZone: null }, { ...options, quiet: false }, io.stderr);
    const read = await readBalances(options, mapping, folder);
    try {
      return await bringIn(options, mapping, stated, { ...read, folder }, api, io);
    } finally {
      await read.rejects.close();
    }
  } finally {
    api.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function bringIn(
  options: BalanceOptions,
  mapping: BalanceMapping,
  stated: Figures,
  { lots, figures, empty, rejects, folder }: ReadBalances & { readonly folder: string },
  api: LaurelApi,
  { stdout, stderr }: ImportIo,
): Promise<number> {
  const enroller = options.enrol
    ? new MemberEnroller(api, DEFAULT_PATIENCE, new AbortController().signal)
    : null;
  const poster = (dryRun: boolean) =>
    new BalancePoster(api, mapping.source, dryRun, enroller, rejects, DEFAULT_PATIENCE);
  const report = (proof: Proof | null, totals: BalanceTotals | null) => {
    const written = totals && { ...totals, enrolled: enroller?.enrolled ?? 0 };
    const rejected = { rows: rejects.count, path: options.rejectsFile };
    stdout.write(balanceReport(mapping.currency, { stated, file: figures, proof, written, empty, rejected }));
  };
  // The server validates every lot by its own rules before the first is written.
  const trial = poster(true);
  const sound = new LotsByDay(folder, 'sound');
  for await (const chunk of chunksOf(lots))
    for (const placed of await trial.post(chunk)) await sound.place(placed);
  const agrees = (['lots', 'points', 'carriedMinor'] as const).every(
    (name) => figures[name] === stated[name],
  );
  const isClean = agrees && rejects.count === 0;
  if (options.dryRun || !(isClean || options.acceptDifference)) {
    report(null, options.dryRun ? trial.totals : null);
    if (rejects.count > 0) stderr.write('Rows of the file cannot be taken; nothing was written.\n');
    if (!agrees) stderr.write('The file is not what the old system states; nothing was written.\n');
    return isClean ? EXIT.allIn : EXIT.someRejected;
  }
  const writer = poster(false);
  for await (const chunk of chunksOf(sound)) await writer.post(chunk);
  const proof = await proofOf(api, mapping.source, stated);
  report(proof, { ...writer.totals, refused: writer.totals.refused + trial.totals.refused });
  return agrees && proof.agrees && proof.ties && rejects.count === 0 ? EXIT.allIn : EXIT.someRejected;
}

/** As many lots at a time as one request takes. */
async function* chunksOf(lots: LotsByDay): AsyncGenerator<readonly PlacedLot[]> {
  let chunk: PlacedLot[] = [];
  for await (const placed of lots.sorted()) {
    chunk.push(placed);
    if (chunk.length < MAX_BALANCE_LOTS) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

async function proofOf(api: LaurelApi, source: string, stated: Figures): Promise<Proof> {
  const { lots, points, carriedMinor } = stated;
  const query = new URLSearchParams({
    source,
    ...{ lots: `${lots}`, points: `${points}`, carriedMinor: `${carriedMinor}` },
  });
  const { status, body } = await api.json('GET', `/v1/opening-balances/proof?${query.toString()}`);
  if (status !== 200) throw new ImportError(`the server gives no proof: ${status} ${problemText(body)}`);
  return body as Proof;
}

function statedFigures({ stated }: BalanceOptions, { currency }: BalanceMapping): Figures {
  const plain = {
    decimalSeparator: '.',
    thousandsSeparator: null,
    trailingZeros: 'drop',
    currencySigns: [],
  } as const;
  const carried = parseMoney(stated.carried, currencyExponent(currency), Number.MAX_SAFE_INTEGER, plain);
  if (!carried.ok) throw new UsageError(`--carried ${stated.carried} is no amount of ${currency}.`);
  return { lots: stated.lots, points: stated.points, carriedMinor: carried.value };
}
