import { parentPort, workerData } from 'node:worker_threads';
import { definition, targetResolvers } from './composition.js';
import type { ShardThreadData } from './shard-thread.js';
import { systemClock } from './platform/clock/system-clock.js';
import { CONNECTIONS_PER_SHARD_THREAD } from './platform/config/configuration.js';
import { createDataSource } from './platform/database/data-source.js';
import { UuidV7Source } from './platform/ids/uuid-v7-source.js';
import { ShardHost, makeShardWorker } from './platform/pipeline/index.js';
import { ConfigCache } from './platform/versioned-config/config-cache.js';
import { ConfigVersionEntity } from './platform/versioned-config/config-version.entity.js';
import { ConfigStore } from './platform/versioned-config/config.store.js';
import { ProgrammeEntity } from './platform/versioned-config/programme.entity.js';

/** What runs in the thread of a shard: its worker, with a database connection and a configuration cache of its own. */
if (!parentPort) throw new Error('a shard needs the thread that sends it commands');
const { databaseUrl, shard: shardSuffix, cachedAccounts } = workerData as ShardThreadData;
const dataSource = await createDataSource(databaseUrl, {
  entities: [ConfigVersionEntity, ProgrammeEntity],
  poolSize: CONNECTIONS_PER_SHARD_THREAD,
}).initialize();
const clock = systemClock;
const host = new ShardHost(parentPort);
const shard = makeShardWorker({
  dataSource,
  configs: new ConfigCache(new ConfigStore(dataSource)),
  definition,
  targetResolvers,
  clock,
  ids: new UuidV7Source(clock, shardSuffix),
  observer: host.observer,
  cachedAccounts,
  shard: shardSuffix,
});
host.serve(shard, () => dataSource.destroy());
