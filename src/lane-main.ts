import { parentPort, workerData } from 'node:worker_threads';
import { rules, targetResolvers } from './composition.js';
import type { LaneThreadData } from './lane-thread.js';
import { systemClock } from './platform/clock/system-clock.js';
import { CONNECTIONS_OF_A_LANE_THREAD } from './platform/config/configuration.js';
import { createDataSource } from './platform/database/data-source.js';
import { UuidV7Source } from './platform/ids/uuid-v7-source.js';
import { LaneHost, makeLane } from './platform/pipeline/index.js';
import { ConfigCache } from './platform/versioned-config/config-cache.js';
import { ConfigVersionEntity } from './platform/versioned-config/config-version.entity.js';
import { ConfigStore } from './platform/versioned-config/config.store.js';
import { ProgrammeEntity } from './platform/versioned-config/programme.entity.js';

/** What runs in the thread of a lane: the lane, with a database connection and a configuration cache of its own. */
if (!parentPort) throw new Error('a lane needs the thread that sends it commands');
const { databaseUrl, lane: mark, workingSet } = workerData as LaneThreadData;
const dataSource = await createDataSource(databaseUrl, {
  entities: [ConfigVersionEntity, ProgrammeEntity],
  poolSize: CONNECTIONS_OF_A_LANE_THREAD,
}).initialize();
const clock = systemClock;
const host = new LaneHost(parentPort);
const lane = makeLane({
  dataSource,
  configs: new ConfigCache(new ConfigStore(dataSource)),
  rules,
  targetResolvers,
  clock,
  ids: new UuidV7Source(clock, mark),
  observer: host.observer,
  workingSet,
});
host.serve(lane, () => dataSource.destroy());
