import type { KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { DataSource } from 'typeorm';
import { formatInstant } from '../kernel/time.js';
import {
  LEASE_MS,
  recordedVerify,
  reportOf,
  VerifyRunStore,
  VerifyService,
  type VerifyReport,
  type VerifyRun,
  type VerifyState,
} from '../integrity/index.js';
import { systemClock } from '../platform/clock/system-clock.js';
import { parseConfiguration } from '../platform/config/configuration.js';
import { createDataSource } from '../platform/database/data-source.js';
import { locateDatabase } from '../platform/database/database-location.js';
import { UuidV7Source } from '../platform/ids/uuid-v7-source.js';
import { parsePublicKey } from '../platform/signing/ed25519.js';

const HELP = `Usage: npm run laurel -- verify [--resume] [--anchor-key FILE]... [--json]

Re-derives every balance, lot counter, liability and hash of the whole installation from the movements alone,
holds redemptions, returns, receipts, measures and anchors against them, and reports each difference. Runs beside
a working engine.

  --resume            go on with the last run that was cut off, from the last page it finished
  --anchor-key FILE   anchors must be signed by this public key (PEM), kept elsewhere; may be said several times
  --json              print the report as JSON

Exit code: 0 clean, 2 differences, 1 failed.
`;

/** The server takes no writes: a replica. */
const READ_ONLY = '25006';

interface Io {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/** `laurel verify`. @returns the exit code. */
export async function verify(args: string[], env: NodeJS.ProcessEnv, io: Io): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      json: { type: 'boolean' },
      help: { type: 'boolean' },
      resume: { type: 'boolean' },
      'anchor-key': { type: 'string', multiple: true },
    },
  });
  if (values.help) {
    io.stdout.write(HELP);
    return 0;
  }
  const anchorKeys = values['anchor-key'] ? await Promise.all(values['anchor-key'].map(readKey)) : undefined;
  const database = await locateDatabase(parseConfiguration(env, process.cwd()), 'attach');
  try {
    const dataSource = await createDataSource(database.url, { poolSize: 2 }).initialize();
    try {
      const state = await carryOut(dataSource, values.resume === true, anchorKeys, io);
      const report = reportOf(state);
      io.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : reportText(report));
      return report.clean ? 0 : 2;
    } finally {
      await dataSource.destroy();
    }
  } finally {
    await database.stop();
  }
}

async function readKey(file: string): Promise<KeyObject> {
  try {
    return parsePublicKey(await readFile(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file} is not an Ed25519 public key: ${(error as Error).message}`, { cause: error });
  }
}

/** Records how far it came after each page, so that `--resume` can go on. On a replica nothing can be recorded. */
async function carryOut(
  dataSource: DataSource,
  resume: boolean,
  anchorKeys: readonly KeyObject[] | undefined,
  io: Io,
): Promise<VerifyState> {
  const service = new VerifyService(dataSource);
  const store = new VerifyRunStore(dataSource);
  const options = { onPage: showProgress(io), ...(anchorKeys ? { anchorKeys } : {}) };
  const run = resume ? await takeOver(store) : await begin(service, store);
  if (run) return recordedVerify(run, service, store, systemClock, options);
  io.stderr.write('This server takes no writes: the run is not recorded and cannot be resumed.\n');
  return service.walk(options);
}

async function begin(service: VerifyService, store: VerifyRunStore): Promise<VerifyRun | null> {
  const progress = await service.begin(null);
  try {
    return await store.create(new UuidV7Source(systemClock).next('vrf'), progress, systemClock.now());
  } catch (error) {
    if ((error as { code?: string }).code === READ_ONLY) return null;
    throw error;
  }
}

async function takeOver(store: VerifyRunStore): Promise<VerifyRun> {
  const latest = await store.latestUnfinished(null);
  if (!latest) throw new Error('There is no run that could be resumed.');
  const run = await store.take(latest.runId, systemClock.now());
  if (run) return run;
  const until = formatInstant(latest.updatedAt + LEASE_MS);
  throw new Error(
    `${latest.runId} gave its last sign of life a moment ago; if it is gone, resume it after ${until}.`,
  );
}

function showProgress({ stderr }: Io): (state: VerifyState) => void {
  return ({ phase, ofAccounts, counts }) => {
    if (!stderr.isTTY) return;
    const { accounts, receipts, members, anchors } = counts;
    const done = `${accounts} of ${ofAccounts} accounts, ${receipts} receipts, ${members} members, ${anchors} anchors`;
    stderr.write(`\r${done}${phase === null ? '\n' : ''}`);
  };
}

/** What a run found, for people. */
export function reportText(report: VerifyReport): string {
  const { accounts, lots, movements, receipts, members, anchors, unsignedAnchors } = report;
  const { differences, differenceCount, clean } = report;
  const signed = unsignedAnchors === 0 ? '' : ` (${unsignedAnchors} of them unsigned)`;
  const counted = `${accounts} accounts, ${lots} lots, ${movements} movements, ${receipts} receipts, ${members} members, ${anchors} anchors${signed}`;
  if (clean) return `Clean: ${counted}; every balance, lot, liability and hash follows from the movements.\n`;
  const rows = differences.map((difference) => `  ${JSON.stringify(difference)}`);
  const more =
    differenceCount > differences.length ? [`  and ${differenceCount - differences.length} more`] : [];
  return `${[`${differenceCount} differences in ${counted}:`, ...rows, ...more].join('\n')}\n`;
}
