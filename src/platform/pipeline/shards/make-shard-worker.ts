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
}

/** A shard worker with its own connection, loader, account cache and writer. */
export function makeShardWorker(surroundings: ShardDependencies): ShardWorker {
  const { dataSource, configs, definition, targetResolvers, clock, ids, observer, cachedAccounts } =
    surroundings;
  return new ShardWorker({
    connection: new ShardConnection(dataSource),
    loader: new CachedLoader(
      new Loader(definition, targetResolvers, configs),
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
