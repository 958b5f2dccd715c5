import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface PgbenchRun {
  readonly databaseUrl: string;
  readonly script: string;
  readonly clients: number;
  readonly seconds: number;
  /** Set with `-D`. */
  readonly variables: Readonly<Record<string, number>>;
  /** Transactions a second to start, at random distances; as many as it can without. */
  readonly rate?: number;
}

export interface PgbenchResult {
  readonly transactions: number;
  readonly seconds: number;
  /** pgbench's own CPU. */
  readonly cpuSeconds: number;
  /** With a rate: milliseconds from when each should have started to its end, in no order. */
  readonly latencies: readonly number[];
}

/** The planner's settings of the engine's own connections, so that plans do not change as tables grow. */
const SESSION = [
  'enable_hashjoin=off',
  'enable_mergejoin=off',
  'enable_seqscan=off',
  'plan_cache_mode=force_generic_plan',
  'jit=off',
  'synchronous_commit=on',
]
  .map((setting) => `-c ${setting}`)
  .join(' ');

/** Clock ticks a second, which Linux fixes at 100 for user space. */
const TICKS = 100;

/** Whether there is a pgbench to run. */
export async function hasPgbench(): Promise<boolean> {
  const child = spawn('pgbench', ['--version'], { stdio: 'ignore' });
  return new Promise((resolve) => {
    child.on('error', () => resolve(false));
    child.on('exit', (code) => resolve(code === 0));
  });
}

/** Runs a script with prepared statements on both cores. @throws Error with what pgbench said, should any transaction fail. */
export async function runPgbench(run: PgbenchRun): Promise<PgbenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'laurel-pgbench-'));
  try {
    await writeFile(join(folder, 'script.sql'), run.script);
    const before = await childrensCpuSeconds();
    const output = await pgbench(run, folder);
    const cpuSeconds = (await childrensCpuSeconds()) - before;
    const transactions = Number(/actually processed: (\d+)/.exec(output)?.[1]);
    const perSecond = Number(/tps = ([\d.]+)/.exec(output)?.[1]);
    const failed = Number(/failed transactions: (\d+)/.exec(output)?.[1] ?? 0);
    if (!(transactions > 0) || !(perSecond > 0) || failed > 0) throw new Error(`pgbench: ${output}`);
    const latencies = run.rate === undefined ? [] : await loggedLatencies(folder);
    return { transactions, seconds: transactions / perSecond, cpuSeconds, latencies };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function pgbench(run: PgbenchRun, folder: string): Promise<string> {
  const url = new URL(run.databaseUrl);
  const variables = Object.entries(run.variables).flatMap(([name, value]) => ['-D', `${name}=${value}`]);
  const rate =
    run.rate === undefined ? [] : [`--rate=${run.rate}`, '--log', `--log-prefix=${join(folder, 'log')}`];
  const child = spawn(
    'pgbench',
    [
      ...['--no-vacuum', '--protocol=prepared', `--file=${join(folder, 'script.sql')}`],
      ...[`--client=${run.clients}`, `--jobs=${Math.min(run.clients, 2)}`, `--time=${run.seconds}`],
      ...[...variables, ...rate],
    ],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        PGHOST: url.hostname,
        PGPORT: url.port,
        PGUSER: decodeURIComponent(url.username),
        PGPASSWORD: decodeURIComponent(url.password),
        PGDATABASE: url.pathname.slice(1),
        PGOPTIONS: SESSION,
      },
    },
  );
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`pgbench ended with ${code}: ${output}`);
  return output;
}

/** Of each line of the log, `client transaction latency_us …`, where a rate is kept the latency counts from the schedule. */
async function loggedLatencies(folder: string): Promise<number[]> {
  const files = (await readdir(folder)).filter((name) => name.startsWith('log.'));
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')));
  return texts.flatMap((text) =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => Number(line.split(' ')[2]) / 1000),
  );
}

/** CPU of the children that have ended, from the operating system's accounting; 0 where there is no /proc. */
async function childrensCpuSeconds(): Promise<number> {
  const text = await readFile('/proc/self/stat', 'utf8').catch(() => '');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  // cutime, cstime: fields 16 and 17 of proc(5), counted after the name.
  return (Number(fields[13] ?? 0) + Number(fields[14] ?? 0)) / TICKS;
}
