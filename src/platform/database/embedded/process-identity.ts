import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { hasCode } from './embedded-postgres.error.js';

const execute = promisify(execFile);

/** Ended, but not yet reaped: in a container without an init such a process may stay for ever. */
const ZOMBIE = 'zombie';

/** Names one run of one process. A process id alone is reused, at the latest after a reboot. */
export interface ProcessIdentity {
  readonly pid: number;
  /** An opaque text that differs between two processes that had the same id; empty where unknown. */
  readonly startedAt: string;
}

/** Has any process this id? */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs under another account.
    return hasCode(error, 'EPERM');
  }
}

/** The identity of the process that has this id now; undefined when none has, or only a zombie does. */
export async function identityOfProcess(pid: number): Promise<ProcessIdentity | undefined> {
  if (!isRunning(pid)) return undefined;
  const startedAt = await startTime(pid);
  return startedAt === ZOMBIE ? undefined : { pid, startedAt };
}

/** Does the very process of that identity still run? In doubt (no start time to be had): yes. */
export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  const now = await identityOfProcess(identity.pid);
  if (now === undefined) return false;
  return now.startedAt === '' || identity.startedAt === '' || now.startedAt === identity.startedAt;
}

async function startTime(pid: number): Promise<string> {
  if (process.platform === 'linux') return linuxStartTime(pid);
  if (process.platform === 'win32') return '';
  const answer = await execute('ps', ['-o', 'lstart=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  return answer.stdout.trim();
}

/** Field 22 of /proc/<pid>/stat is in clock ticks since boot, so the boot's id belongs to it. */
async function linuxStartTime(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // Field 2 is the program's name in parentheses and may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return ZOMBIE;
  const ticks = fields[19];
  if (ticks === undefined) return '';
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  return `${boot.trim()}/${ticks}`;
}
