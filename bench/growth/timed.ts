import { readCpu } from '../measure/cpu.js';
import type { Sample } from '../scene.js';

/**
 * Does something in this process and on a server, and accounts for it: the CPU of this process stands for the
 * engine's, so nothing else may be going on in it.
 *
 * @param act gives how many rows were worked on
 */
export async function timed(postgresPid: number, act: () => Promise<number>): Promise<Sample> {
  const [before, own] = [await readCpu([], postgresPid), process.cpuUsage()];
  const began = performance.now();
  const done = await act();
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(own);
  const after = await readCpu([], postgresPid);
  return {
    perSecond: done / seconds,
    done,
    seconds,
    nodeMicros: (user + system) / Math.max(1, done),
    postgresMicros: ((after.postgres - before.postgres) * 1e6) / Math.max(1, done),
    loadMicros: 0,
  };
}
