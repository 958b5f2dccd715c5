import { readFile, readdir } from 'node:fs/promises';

/** Clock ticks a second, which Linux fixes at 100 for user space. */
const TICKS = 100;

/** CPU seconds used so far. */
export interface CpuReading {
  readonly node: number;
  readonly postgres: number;
}

/**
 * What processes have used so far, from the operating system's accounting (proc(5)); zeros where there is no /proc.
 *
 * @param nodePids the server's own processes
 * @param postmaster PostgreSQL's first process; its children count, also those that ended and were waited for
 */
export async function readCpu(nodePids: readonly number[], postmaster: number): Promise<CpuReading> {
  let node = 0;
  let postgres = 0;
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  for (const name of pids) {
    const pid = Number(name);
    const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
    if (text === null) continue;
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [parent, user, system, userOfEnded, systemOfEnded] = [1, 11, 12, 13, 14].map((index) =>
      Number(fields[index]),
    ) as [number, number, number, number, number];
    if (nodePids.includes(pid)) node += user + system;
    if (pid === postmaster) postgres += user + system + userOfEnded + systemOfEnded;
    if (parent === postmaster) postgres += user + system;
  }
  return { node: node / TICKS, postgres: postgres / TICKS };
}

/** CPU microseconds for each of `done` things between two readings. */
export function microsEach(
  before: CpuReading,
  after: CpuReading,
  done: number,
): { node: number; postgres: number } {
  const each = (key: keyof CpuReading): number => ((after[key] - before[key]) * 1e6) / Math.max(1, done);
  return { node: each('node'), postgres: each('postgres') };
}
