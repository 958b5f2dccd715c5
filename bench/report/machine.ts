import { readFile } from 'node:fs/promises';
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';

/** What the figures were taken on. */
export interface Machine {
  readonly cores: number;
  readonly processor: string;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  /** Processes that wanted a core in the minute before the run; other work on the machine shows here. */
  readonly loadBefore: number;
  readonly startedAt: string;
}

export async function machineFacts(): Promise<Machine> {
  const load = await readFile('/proc/loadavg', 'utf8').catch(() => 'NaN');
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.version,
    loadBefore: Number(load.split(' ')[0]),
    startedAt: new Date().toISOString(),
  };
}

export function machineText({ cores, processor, memoryGiB, system, node, loadBefore }: Machine): string {
  return `${cores} cores (${processor}), ${memoryGiB} GiB, ${system}, Node.js ${node}; load before the run ${loadBefore}`;
}
