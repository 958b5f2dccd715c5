import { once } from 'node:events';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Simulated, SimulationProgress, SimulationTask, Simulator } from './simulations/index.js';

/** Memory of a simulation; one that needs more fails. */
const MEMORY_MB = 1_024;

/** What the thread of a simulation begins with. */
export interface SimulationThreadData {
  readonly databaseUrl: string;
  readonly task: SimulationTask;
}

/** What it says. */
export type FromSimulation =
  | { readonly kind: 'progress'; readonly progress: SimulationProgress }
  | { readonly kind: 'done'; readonly simulated: Simulated }
  | { readonly kind: 'failed'; readonly message: string };

/**
 * Simulates in a thread of its own (`simulation-main.ts`), so that the threads of requests and shards wait for nothing.
 * One that is aborted ends at once, with its connection.
 */
export class ThreadedSimulator implements Simulator {
  constructor(private readonly databaseUrl: string) {}

  async run(
    task: SimulationTask,
    signal: AbortSignal,
    onProgress: (progress: SimulationProgress) => void,
  ): Promise<Simulated> {
    signal.throwIfAborted();
    const workerData: SimulationThreadData = { databaseUrl: this.databaseUrl, task };
    // Compiled; or as source, where a test's process runs it.
    const entry = new URL(`./simulation-main${extname(import.meta.url)}`, import.meta.url);
    const resourceLimits = { maxOldGenerationSizeMb: MEMORY_MB };
    const worker = new Worker(entry, { workerData, name: 'simulation', resourceLimits });
    const end = () => void worker.terminate();
    signal.addEventListener('abort', end);
    try {
      return await outcomeOf(worker, onProgress);
    } finally {
      signal.removeEventListener('abort', end);
      await worker.terminate();
    }
  }
}

/** @throws Error where the thread failed or ended without a result. */
async function outcomeOf(
  worker: Worker,
  onProgress: (progress: SimulationProgress) => void,
): Promise<Simulated> {
  const done = new Promise<Simulated>((resolve, reject) => {
    worker.on('message', (message: FromSimulation) => {
      if (message.kind === 'progress') onProgress(message.progress);
      else if (message.kind === 'done') resolve(message.simulated);
      else reject(new Error(message.message));
    });
    worker.on('error', reject);
  });
  const ended = once(worker, 'exit').then((): never => {
    throw new Error('The thread of the simulation ended.');
  });
  return Promise.race([done, ended]);
}
