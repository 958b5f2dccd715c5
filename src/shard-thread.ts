import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';

/** What the thread of a shard begins with. */
export interface ShardThreadData {
  readonly databaseUrl: string;
  /** The number of the shard in its process, from 0: the suffix of its ids. */
  readonly shard: number;
  /** Accounts it keeps in memory after it wrote them; 0 keeps none. */
  readonly cachedAccounts: number;
}

/** Begins the thread of a shard (`shard-main.ts`). It has the system's clock and all the rules there are. */
export function beginShardThread(data: ShardThreadData): Worker {
  // Compiled; or as source, where a test's process runs it.
  const entry = new URL(`./shard-main${extname(import.meta.url)}`, import.meta.url);
  return new Worker(entry, { workerData: data, name: 'shard' });
}
