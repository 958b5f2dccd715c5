import { setTimeout } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import type { IdSource } from '../../../kernel/ids.js';
import type { Clock } from '../../../kernel/time.js';
import type { ConfigCache } from '../../versioned-config/config-cache.js';
import type { EngineDefinition } from '../contract/engine-definition.js';
import type { TargetResolver } from '../contract/target-resolver.js';
import { Loader } from '../load/loader.js';
import { CachedLoader } from '../load/cached-loader.js';
import { ShardConnection } from '../sql/connection.js';
import { Writer } from '../write/writer.js';
import { ShardWorker } from './shard-worker.js';
import type { ShardObserver } from './observer.js';

export interface ShardDependencies {
  readonly dataSource: DataSource;
  readonly configs: ConfigCache;
  readonly definition: EngineDefinition;
  readonly targetResolvers: readonly TargetResolver[];
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly observer: ShardObserver;
  /** Accounts that the shard caches after it wrote them; 0 caches none. */
  readonly cachedAccounts: number;
  /** The number of the shard in its process. */
  readonly shard: number;
}

/** A shard worker with its own connection, loader, account cache and writer. */
export function makeShardWorker(surroundings: ShardDependencies): ShardWorker {
  const { dataSource, configs, definition, targetResolvers, clock, ids, observer, cachedAccounts, shard } =
    surroundings;
  return new ShardWorker({
    connection: new ShardConnection(dataSource),
    loader: new CachedLoader(
      new Loader(definition, targetResolvers, configs, placeOf(shard)),
      definition,
      configs,
      cachedAccounts,
    ),
    writer: new Writer(definition.slices),
    definition,
    clock,
    ids,
    observer,
    random: Math.random,
    sleep: setTimeout,
  });
}

/** A number that differs among the shards of a process, and mostly from those of other processes. */
function placeOf(shard: number): number {
  return (process.pid % 1024) * 5 + shard;
}
