import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ENTRY = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));
const BUILD = fileURLToPath(new URL('../../scripts/ensure-built.mjs', import.meta.url));
const READY_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 40_000;
/** The relay counts as idle when nothing was delivered for so long; it looks at the log twice a second. */
const RELAY_IDLE_MS = 1_200;
const RELAY_POLL_MS = 300;

/** The engine as an operator runs it: the compiled product in a process of its own, everything switched on. */
export interface EngineServer {
  readonly url: string;
  readonly pid: number;
  /** The sum of a metric over its labels; 0 for one that has no value yet. */
  metric(name: string): Promise<number>;
  /** Waits until the relay has handed over what there is. @returns false when that takes longer than allowed. */
  relayIdle(limitSeconds: number): Promise<boolean>;
  /** Asks it to stop, and waits for it. */
  stop(): Promise<void>;
}

/**
 * Starts the engine on a database. `environment` reaches it (`LAUREL_SHARDS`, …); what is not said has the engine's
 * own default. `BENCH_ENGINE_FLAGS` in our environment are Node.js options for it, such as `--cpu-prof`.
 *
 * @throws Error with what it said when it does not start within a minute
 */
export async function startEngine(
  databaseUrl: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<EngineServer> {
  ensureBuilt();
  const dataDir = await mkdtemp(join(tmpdir(), 'laurel-bench-engine-'));
  const asked = (process.env['BENCH_ENGINE_FLAGS'] ?? '').split(' ').filter((flag) => flag !== '');
  // As `npm start` does.
  const flags = ['--max-semi-space-size=64', ...asked];
  const child = spawn(process.execPath, [...flags, ENTRY], {
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      NODE_ENV: 'production',
      DATABASE_URL: databaseUrl,
      HOST: '127.0.0.1',
      PORT: '0',
      LAUREL_DATA_DIR: dataDir,
      LAUREL_DEMO: 'false',
      LAUREL_LOG_LEVEL: 'error',
      // All tills of a scene have one address.
      LAUREL_CONNECTIONS_PER_CLIENT: '0',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // Should this process end without having stopped it.
  const abandon = (): void => {
    child.kill('SIGKILL');
    rmSync(dataDir, { recursive: true, force: true });
  };
  process.once('exit', abandon);
  const stop = async (): Promise<void> => {
    await end(child);
    process.off('exit', abandon);
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    const url = await listening(child);
    const metric = (name: string) => sumOfMetric(url, name);
    return {
      url,
      pid: child.pid as number,
      metric,
      relayIdle: (limitSeconds) =>
        untilStill(() => metric('laurel_events_delivered_total'), limitSeconds * 1000),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

let built = false;

/** Compiles what is measured, once a run: sources that change meanwhile change nothing. */
function ensureBuilt(): void {
  if (built) return;
  const { status } = spawnSync(process.execPath, [BUILD], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error('the engine could not be compiled');
  built = true;
}

/** The address it says it listens on. */
function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    const timer = setTimeout(() => reject(new Error(`the engine did not start: ${output}`)), READY_LIMIT_MS);
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const found = /Laurel is up: (\S+)/.exec(output);
      if (!found) return;
      clearTimeout(timer);
      resolve(found[1] as string);
    });
    child.once('exit', () => reject(new Error(`the engine ended: ${output}`)));
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
  await exited;
  clearTimeout(timer);
}

async function sumOfMetric(url: string, name: string): Promise<number> {
  const text = await metricsText(url);
  let sum = 0;
  for (const line of text.split('\n')) {
    if (line.startsWith(`${name} `) || line.startsWith(`${name}{`))
      sum += Number(line.slice(line.lastIndexOf(' ')));
  }
  return sum;
}

/** Asks again when a connection kept from before is closed at the very moment it is used. */
async function metricsText(url: string, tries = 3): Promise<string> {
  try {
    return await (await fetch(`${url}/metrics`)).text();
  } catch (error) {
    if (tries <= 1) throw error;
    return metricsText(url, tries - 1);
  }
}

async function untilStill(read: () => Promise<number>, limitMs: number): Promise<boolean> {
  const deadline = performance.now() + limitMs;
  let last = await read();
  let since = performance.now();
  while (performance.now() - since < RELAY_IDLE_MS) {
    if (performance.now() > deadline) return false;
    await sleep(RELAY_POLL_MS);
    const now = await read();
    if (now === last) continue;
    last = now;
    since = performance.now();
  }
  return true;
}
