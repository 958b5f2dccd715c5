import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { currencyExponent } from '../../kernel/money.js';
import { BALANCES_HELP, parseBalanceOptions, type BalanceOptions } from './balance-options.js';
import { balanceReport, type Figures, type Proof } from './balance-report.js';
import { checkProgramme } from './check-programme.js';
import { openCsv } from './csv-file.js';
import { ENROL_CONCURRENCY, MemberEnroller } from './enrol-members.js';
import { ExternalSort } from './external-sort.js';
import { ImportError, messageOf } from './import-error.js';
import { EXIT, type ImportIo } from './import-purchases.js';
import { LaurelApi, problemText } from './laurel-api.js';
import { balanceMapper } from './map-balance.js';
import { MappingError } from './mapping.js';
import { parseMoney } from './money-text.js';
import { UsageError } from './options.js';
import { parseBalanceMapping, type BalanceMapping } from './parse-balance-mapping.js';
import { BalancePoster, MAX_BALANCE_LOTS, type PlacedLot } from './post-balances.js';
import { RejectsFile } from './rejects-file.js';
import { DEFAULT_PATIENCE } from './retry.js';

/** What was read of the file. */
interface ReadBalances {
  /** By the day on which they were earned, so that a member is enrolled with the first. */
  readonly lots: ExternalSort<PlacedLot>;
  readonly figures: Figures;
  readonly rejects: RejectsFile;
}

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
      return await bringIn(options, mapping, stated, read, api, io);
    } finally {
      await read.rejects.close();
    }
  } finally {
    api.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function readBalances(
  options: BalanceOptions,
  mapping: BalanceMapping,
  folder: string,
): Promise<ReadBalances> {
  const csv = await openCsv(options.file, mapping.csv);
  const toLot = balanceMapper(mapping, csv.header);
  const rejects = await RejectsFile.begin(options.rejectsFile, csv, mapping.csv);
  const lots = new ExternalSort<PlacedLot>(folder, 'lots');
  const figures = { lots: 0, points: 0, carriedMinor: 0 };
  for await (const row of csv.rows) {
    const mapped = toLot(row);
    if (!mapped.ok) {
      await rejects.add([mapped.row]);
      continue;
    }
    const { lot } = mapped;
    figures.lots += 1;
    figures.points += lot.points;
    figures.carriedMinor += lot.carriedMinor;
    await lots.add(`${lot.earnedOn} ${row.row.toString().padStart(12, '0')}`, { row: mapped.row, lot });
  }
  return { lots, figures, rejects };
}

async function bringIn(
  options: BalanceOptions,
  mapping: BalanceMapping,
  stated: Figures,
  { lots, figures, rejects }: ReadBalances,
  api: LaurelApi,
  { stdout, stderr }: ImportIo,
): Promise<number> {
  const agrees = (['lots', 'points', 'carriedMinor'] as const).every(
    (name) => figures[name] === stated[name],
  );
  if (!agrees && !options.acceptDifference) {
    stdout.write(balanceReport(mapping.currency, { stated, file: figures, proof: null }));
    stderr.write('The file is not what the old system states; nothing was written.\n');
    return EXIT.failed;
  }
  const enroller = options.enrol
    ? new MemberEnroller(api, DEFAULT_PATIENCE, new AbortController().signal)
    : null;
  const poster = new BalancePoster(api, mapping.source, options, enroller, rejects, DEFAULT_PATIENCE);
  let chunk: PlacedLot[] = [];
  for await (const lot of lots.sorted()) {
    chunk.push(lot);
    if (chunk.length < MAX_BALANCE_LOTS) continue;
    await poster.post(chunk);
    chunk = [];
  }
  if (chunk.length > 0) await poster.post(chunk);
  const proof = options.dryRun ? null : await proofOf(api, mapping.source, stated);
  const written = { ...poster.totals, enrolled: enroller?.enrolled ?? 0 };
  const rejected = { rows: rejects.count, path: options.rejectsFile };
  stdout.write(balanceReport(mapping.currency, { stated, file: figures, proof, written, rejected }));
  const proven = proof === null || (proof.agrees && proof.ties);
  return agrees && proven && rejects.count === 0 ? EXIT.allIn : EXIT.someRejected;
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
