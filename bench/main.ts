import { spawn, type ChildProcess } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { EmbeddedPostgres } from '../src/platform/database/embedded/embedded-postgres.js';
import { ProgrammeBuilder } from '../test/builders/programme.js';
import { ApiClient } from '../test/harness/api-client.js';
import { createEngine } from '../src/engine.js';
import { ApiKeyStore } from '../src/keys/index.js';
import { SCOPES } from '../src/platform/http/caller.js';
import { ProgrammeStore } from '../src/programmes/index.js';
import { idToUuid } from '../src/kernel/ids.js';
import { cpuSeconds } from './cpu.js';
import { median, run, type LoadResult } from './load.js';

const LOADER = new URL('../test/harness/register-typescript.mjs', import.meta.url).href;
const MEMBERS = 2_000;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    connections: { type: 'string', default: '128' },
    json: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);
const connections = Number(values.connections);

/** Posts receipts to the engine and to a naive server in turn, on one durable database, and prints the ratio. */
async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'laurel-bench-'));
  // Under root the server runs as another account, which must come in.
  await chmod(folder, 0o755);
  const postgres = await EmbeddedPostgres.start({ dataDir: folder });
  const children: ChildProcess[] = [];
  try {
    const { programmeId, key } = await prepare(postgres.url);
    const environment = { DATABASE_URL: postgres.url, BENCH_PROGRAMME: idToUuid(programmeId) };
    const engine = await start('../test/harness/engine-process-main.ts', environment, children);
    const naive = await start('./naive-server.ts', environment, children);
    const headers = { authorization: `Bearer ${key}` };
    const results: Record<'engine' | 'naive', Figures[]> = { engine: [], naive: [] };
    for (let round = -1; round < rounds; round += 1) {
      // The first round warms up and does not count.
      for (const [name, target] of [
        ['engine', engine],
        ['naive', naive],
      ] as const) {
        const figures = await measure(target, name, headers);
        if (round >= 0) results[name].push(figures);
      }
    }
    await check(postgres.url, programmeId);
    report(results);
  } finally {
    for (const child of children) child.kill('SIGKILL');
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Every receipt that was answered is there, once. */
async function check(databaseUrl: string, programmeId: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ purchases: number; claims: number }>(
    `SELECT (SELECT count(*)::int FROM purchases) AS purchases,
       (SELECT count(*)::int FROM claims c WHERE c.programme_id = $1 AND c.scope = 'receipt') AS claims`,
    [idToUuid(programmeId)],
  );
  await client.end();
  const { purchases, claims } = rows[0] ?? { purchases: 0, claims: 0 };
  if (purchases !== receipts || claims !== receipts) {
    throw new Error(
      `${receipts} receipts were answered, ${purchases} purchases and ${claims} claims are there`,
    );
  }
}

interface Server {
  readonly url: string;
  readonly pid: number;
}

interface Figures {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** CPU microseconds a purchase. */
  readonly nodeMicros: number;
  readonly postgresMicros: number;
}

let receipts = 0;

async function measure(server: Server, name: string, headers: Record<string, string>): Promise<Figures> {
  const isNode = ({ pid }: { pid: number }): boolean => pid === server.pid;
  const isPostgres = ({ name: process }: { name: string }): boolean => process === 'postgres';
  const before = [await cpuSeconds(isNode), await cpuSeconds(isPostgres)] as const;
  const load = {
    url: server.url,
    path: '/v1/purchases',
    headers,
    connections,
    seconds,
    body: () => receipt(name),
  };
  const result: LoadResult = await run(load);
  const after = [await cpuSeconds(isNode), await cpuSeconds(isPostgres)] as const;
  const micros = (index: 0 | 1): number => ((after[index] - before[index]) * 1e6) / result.answered;
  const at = (quantile: number): number =>
    result.latencies[Math.floor(result.latencies.length * quantile)] ?? NaN;
  return {
    perSecond: result.answered / result.seconds,
    p50: at(0.5) * 1000,
    p99: at(0.99) * 1000,
    nodeMicros: micros(0),
    postgresMicros: micros(1),
  };
}

/** The naive server takes no part of the members that the engine works on, so that neither breaks the other's chain. */
function receipt(name: string): string {
  receipts += 1;
  const member = `${name}-${receipts % MEMBERS}`;
  return JSON.stringify({
    source: 'bench',
    receiptNo: `${name}-${receipts}`,
    member: { externalId: member },
    occurredAt: new Date().toISOString(),
    currency: 'TWD',
    lines: [
      { lineNo: 1, sku: 'A-77', category: 'grocery', amountMinor: 105_000, taxMinor: 5_000 },
      { lineNo: 2, sku: 'B-12', category: 'bakery', amountMinor: 21_000, taxMinor: 1_000 },
    ],
  });
}

/** A programme with rules and tiers, and members for both servers. */
async function prepare(databaseUrl: string): Promise<{ programmeId: string; key: string }> {
  const settings = {
    host: '127.0.0.1',
    port: 0,
    logLevel: 'error',
    lanes: 1,
    queueLimit: 4096,
    poolSize: 10,
  } as const;
  const engine = await createEngine({ ...settings, databaseUrl, background: false, docs: false });
  const url = await engine.listen();
  const { programmeId } = await engine.app
    .get(ProgrammeStore)
    .create({ name: 'Bench', currency: 'TWD', timeZone: 'Asia/Taipei' });
  const { key } = await engine.app
    .get(ApiKeyStore)
    .create({ programmeId, name: 'bench', scopes: SCOPES }, 'bench');
  const api = new ApiClient(url, key);
  const programme = await new ProgrammeBuilder(api).shop();
  await programme.tiers();
  for (const name of ['engine', 'naive']) {
    for (let index = 0; index < MEMBERS; index += 20) {
      const enrol = (offset: number) => api.post('/v1/members', { externalId: `${name}-${index + offset}` });
      await Promise.all(Array.from({ length: 20 }, (_, offset) => enrol(offset)));
    }
  }
  await engine.close();
  return { programmeId, key };
}

function start(
  entry: string,
  environment: Record<string, string>,
  children: ChildProcess[],
): Promise<Server> {
  const child = spawn(
    process.execPath,
    ['--import', LOADER, fileURLToPath(new URL(entry, import.meta.url))],
    {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  children.push(child);
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const found = /READY (\S+)/.exec(output);
      if (found) resolve({ url: found[1] as string, pid: child.pid as number });
    });
    child.on('exit', () => reject(new Error(`${entry} ended: ${output}`)));
  });
}

function report({ engine, naive }: Record<'engine' | 'naive', Figures[]>): void {
  const of = (figures: readonly Figures[], key: keyof Figures): number =>
    median(figures.map((figure) => figure[key]));
  const ratio = median(engine.map(({ perSecond }, index) => perSecond / (naive[index]?.perSecond ?? NaN)));
  if (values.json) {
    process.stdout.write(
      `${JSON.stringify({ connections, rounds, seconds, ratio, engine, naive }, null, 2)}\n`,
    );
    return;
  }
  const row = (name: string, figures: readonly Figures[]): string =>
    [
      name.padEnd(34),
      of(figures, 'perSecond').toFixed(0).padStart(10),
      of(figures, 'p50').toFixed(1).padStart(9),
      of(figures, 'p99').toFixed(1).padStart(9),
      of(figures, 'nodeMicros').toFixed(0).padStart(9),
      of(figures, 'postgresMicros').toFixed(0).padStart(12),
    ].join(' ');
  process.stdout.write(
    [
      `${connections} connections, ${rounds} rounds of ${seconds} s each in turn, medians; load generator on the same machine`,
      `${''.padEnd(34)} ${'per second'.padStart(10)} ${'p50 ms'.padStart(9)} ${'p99 ms'.padStart(9)} ${'node us'.padStart(9)} ${'postgres us'.padStart(12)}`,
      row('Laurel, POST /v1/purchases', engine),
      row('naive: pg, a transaction a request', naive),
      `ratio Laurel / naive: ${ratio.toFixed(2)}`,
      '',
    ].join('\n'),
  );
}

await main();
