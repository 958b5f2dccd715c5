import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';

/** What the thread of a lane is told when it begins. */
export interface LaneThreadData {
  readonly databaseUrl: string;
  /** Which of the process's lanes it is, from 0: the mark of its ids. */
  readonly lane: number;
  /** Accounts it keeps in memory after it wrote them; 0 keeps none. */
  readonly workingSet: number;
}

/** Begins the thread of a lane (`lane-main.ts`). It has the system's clock and all the rules there are. */
export function beginLaneThread(data: LaneThreadData): Worker {
  // Compiled; or as source, where a test's process runs it.
  const entry = new URL(`./lane-main${extname(import.meta.url)}`, import.meta.url);
  return new Worker(entry, { workerData: data, name: 'lane' });
}
