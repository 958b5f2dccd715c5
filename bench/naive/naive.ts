import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { patternOf } from '../limit/pattern.js';
import { copyOfStage, dropCopy } from '../limit/stage-copy.js';
import { Tally } from '../limit/tally.js';
import { LoadGenerator } from '../load/generator.js';
import type { LoadPlan } from '../load/plan.js';
import { measureHttp } from '../measure/http-contestant.js';
import { InvalidRun, type Contestant, type Sample } from '../scene.js';
import { query } from '../stage/server.js';
import type { Stage } from '../stage/stage.js';

const ENTRY = fileURLToPath(new URL('./naive-server-main.ts', import.meta.url));
const LOADER = new URL('../../test/harness/register-typescript.mjs', import.meta.url).href;
const READY_LIMIT_MS = 60_000;

const WAYS = [
  { way: 'save', name: 'NestJS + TypeORM save()' },
  { way: 'insert', name: 'NestJS + TypeORM insert()' },
  { way: 'pg', name: 'NestJS + pg, prepared statements' },
] as const;

type Way = (typeof WAYS)[number]['way'];

/** Connections of a server's pool that are tried; the better number stays. */
const POOL_SIZES = [10, 20] as const;
const TRIAL_SECONDS = 2;
const CONNECTIONS = 128;

interface NaiveServer {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** What the servers share: a database of their own, the rows to write, and a load generator. */
class Naive {
  private copy!: Stage;
  private folder!: string;
  private tally: Tally | null = null;
  private generator!: LoadGenerator;
  private ready: Promise<void> | null = null;
  private readonly servers = new Map<Way, NaiveServer>();
  private purchases = 0;
  private runs = 0;
  private users: number = WAYS.length;

  constructor(private readonly stage: Stage) {}

  async prepare(way: Way): Promise<void> {
    this.ready ??= this.makeReady();
    await this.ready;
    let best: { readonly poolSize: number; readonly perSecond: number } | null = null;
    for (const poolSize of POOL_SIZES) {
      await this.serve(way, poolSize);
      // A first run warms up.
      await this.measure(way, TRIAL_SECONDS);
      const { perSecond } = await this.measure(way, TRIAL_SECONDS);
      if (best === null || perSecond > best.perSecond) best = { poolSize, perSecond };
    }
    if (best !== null && best.poolSize !== POOL_SIZES.at(-1)) await this.serve(way, best.poolSize);
  }

  async measure(way: Way, seconds: number): Promise<Sample> {
    const server = this.servers.get(way) as NaiveServer;
    const { members, key, postgresPid } = this.stage;
    this.runs += 1;
    const plan: LoadPlan = {
      url: server.url,
      key,
      seconds,
      shape: { kind: 'closed', connections: CONNECTIONS },
      work: { kind: 'purchase', source: `naive-${way}-${this.runs}`, members, pick: 'spread' },
    };
    const { sample, result } = await measureHttp({ server, postgresPid, generator: this.generator }, plan);
    this.purchases += result.made.purchases;
    return sample;
  }

  /** The last to leave counts the rows and takes the database away. */
  async leave(way: Way): Promise<void> {
    await this.servers.get(way)?.stop();
    this.servers.delete(way);
    this.users -= 1;
    if (this.users > 0 || this.ready === null) return;
    try {
      if (this.tally !== null) {
        await this.tally.check(this.purchases, 'rows');
        await balanced(this.copy.databaseUrl);
      }
    } finally {
      await this.generator?.close();
      if (this.folder !== undefined) await rm(this.folder, { recursive: true, force: true });
      if (this.copy !== undefined) await dropCopy(this.copy);
    }
  }

  private async makeReady(): Promise<void> {
    this.copy = await copyOfStage(this.stage, 'naive');
    const pattern = await patternOf(this.copy);
    this.folder = await mkdtemp(join(tmpdir(), 'laurel-naive-'));
    await writeFile(join(this.folder, 'pattern.json'), JSON.stringify(pattern));
    this.tally = await Tally.begin(this.copy.databaseUrl, pattern.tables);
    await query(this.copy.databaseUrl, 'VACUUM (ANALYZE)');
    this.generator = await LoadGenerator.start();
  }

  private async serve(way: Way, poolSize: number): Promise<void> {
    await this.servers.get(way)?.stop();
    this.servers.delete(way);
    const environment = {
      DATABASE_URL: this.copy.databaseUrl,
      NAIVE_WAY: way,
      NAIVE_POOL_SIZE: String(poolSize),
      NAIVE_PATTERN: join(this.folder, 'pattern.json'),
    };
    this.servers.set(way, await startServer(environment));
  }
}

/**
 * What one would write instead of the engine, in three ways, each an HTTP server with a process of its own. Prepare
 * them while the stage's database, which is copied, has no connection.
 */
export function naiveContestants(stage: Stage): Contestant[] {
  const naive = new Naive(stage);
  return WAYS.map(({ way, name }) => ({
    name,
    prepare: () => naive.prepare(way),
    measure: (seconds: number) => naive.measure(way, seconds),
    close: () => naive.leave(way),
  }));
}

/** @throws InvalidRun unless accounts and lots have the same points in all. */
async function balanced(databaseUrl: string): Promise<void> {
  const [sums] = await query<{ accounts: string; lots: string }>(
    databaseUrl,
    `SELECT (SELECT sum(a.available) FROM accounts a) AS accounts, (SELECT sum(l.available) FROM lots l) AS lots`,
  );
  if (sums?.accounts === sums?.lots) return;
  throw new InvalidRun(`accounts have ${sums?.accounts} points and their lots ${sums?.lots}`);
}

/** @throws Error with what it said when it does not start within a minute */
async function startServer(environment: Readonly<Record<string, string>>): Promise<NaiveServer> {
  const child = spawn(process.execPath, ['--import', LOADER, ENTRY], {
    env: { ...process.env, NODE_OPTIONS: '', NODE_ENV: 'production', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const url = await new Promise<string>((resolve, reject) => {
    let output = '';
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`the server did not start: ${output}`));
    }, READY_LIMIT_MS);
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const found = /READY (\S+)/.exec(output);
      if (!found) return;
      clearTimeout(timer);
      resolve(found[1] as string);
    });
    child.once('exit', () => {
      clearTimeout(timer);
      reject(new Error(`the server ended: ${output}`));
    });
  });
  return {
    url,
    pid: child.pid as number,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
