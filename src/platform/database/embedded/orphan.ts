import { execFile } from 'node:child_process';
import { readFile, readlink, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { EmbeddedPostgresError } from './embedded-postgres.error.js';
import type { EmbeddedLogger } from './logger.js';
import { identityOfProcess } from './process-identity.js';

const execute = promisify(execFile);
const FAST_SHUTDOWN_MS = 60_000;
const IMMEDIATE_SHUTDOWN_MS = 5_000;
const POLL_MS = 25;

/**
 * Stops a server that a killed owner left running on this data folder. The caller must hold the owner lock.
 *
 * Stopped rather than adopted: its port, settings and version may not be those wanted now, and a clean
 * shutdown loses nothing.
 *
 * @throws EmbeddedPostgresError when it can be neither stopped nor killed, e.g. as it is another account's
 */
export async function stopOrphan(pgdata: string, logger: EmbeddedLogger): Promise<void> {
  const pidFile = join(pgdata, 'postmaster.pid');
  const pid = Number((await readFile(pidFile, 'utf8').catch(() => '')).split('\n')[0]);
  // A dead postmaster's file is PostgreSQL's own business: it checks for surviving backends through it.
  if (!Number.isInteger(pid) || pid <= 1 || (await hasEnded(pid))) return;
  if (!(await serves(pid, pgdata))) {
    // The number now belongs to an innocent process; PostgreSQL would refuse to start because of it.
    await rm(pidFile, { force: true });
    return;
  }
  logger.warn(`Stopping the PostgreSQL (process ${pid}) that an earlier run left behind on ${pgdata}`);
  if (await signalled(pid, 'SIGINT', FAST_SHUTDOWN_MS)) return;
  if (await signalled(pid, 'SIGQUIT', IMMEDIATE_SHUTDOWN_MS)) return;
  throw new EmbeddedPostgresError(`A PostgreSQL (process ${pid}) runs on ${pgdata} and does not stop.`);
}

/** Is this process a postmaster on that folder? A postmaster's working folder is its data folder. */
async function serves(pid: number, pgdata: string): Promise<boolean> {
  if (process.platform === 'linux') {
    const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
    return cwd !== undefined && cwd === (await realpath(pgdata));
  }
  if (process.platform === 'win32') return true;
  const answer = await execute('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  return answer.stdout.includes('postgres') && answer.stdout.includes(pgdata);
}

async function signalled(pid: number, signal: NodeJS.Signals, limitMs: number): Promise<boolean> {
  try {
    process.kill(pid, signal);
  } catch {
    return hasEnded(pid);
  }
  const deadline = performance.now() + limitMs;
  while (!(await hasEnded(pid))) {
    if (performance.now() > deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
}

async function hasEnded(pid: number): Promise<boolean> {
  return (await identityOfProcess(pid)) === undefined;
}
