import type { LoadGenerator } from '../load/generator.js';
import type { LoadPlan, LoadResult } from '../load/plan.js';
import type { Contestant, Sample } from '../scene.js';
import { microsEach, readCpu } from './cpu.js';

export interface HttpServer {
  readonly url: string;
  readonly pid: number;
}

export interface HttpContestantOptions {
  readonly name: string;
  readonly server: HttpServer;
  /** The postmaster of its database. */
  readonly postgresPid: number;
  readonly generator: LoadGenerator;
  /** What is asked for, made anew for each interval: sources of receipts are used once. */
  plan(seconds: number): LoadPlan;
  /** Waits for what the server does after its answers, which counts as its CPU. */
  settle?(): Promise<unknown>;
  /** Told what was done, so that the rows can be checked. */
  onResult?(result: LoadResult): void;
}

/** A server that requests are sent to. */
export function httpContestant(options: HttpContestantOptions): Contestant {
  return {
    name: options.name,
    measure: async (seconds) => (await measureHttp(options, options.plan(seconds))).sample,
  };
}

/** Carries one plan out and accounts for the CPU of all processes. */
export async function measureHttp(
  { server, postgresPid, generator, settle, onResult }: Omit<HttpContestantOptions, 'name' | 'plan'>,
  plan: LoadPlan,
): Promise<{ readonly sample: Sample; readonly result: LoadResult }> {
  const before = await readCpu([server.pid], postgresPid);
  const result = await generator.run(plan);
  await settle?.();
  const after = await readCpu([server.pid], postgresPid);
  onResult?.(result);
  const { done, seconds, latencies, cpuMicros } = result;
  const { node, postgres } = microsEach(before, after, done);
  const sample = {
    perSecond: done / seconds,
    done,
    seconds,
    nodeMicros: node,
    postgresMicros: postgres,
    loadMicros: cpuMicros / Math.max(1, done),
    ...(latencies.count > 0 ? { latencies } : {}),
  };
  return { sample, result };
}
