import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { definition } from './composition.js';
import { systemClock } from './platform/clock/system-clock.js';
import { createDataSource } from './platform/database/data-source.js';
import { ConfigVersionEntity } from './platform/versioned-config/config-version.entity.js';
import { ProgrammeEntity } from './platform/versioned-config/programme.entity.js';
import type { FromSimulation, SimulationThreadData } from './simulation-thread.js';
import { SimulatorHere } from './simulations/index.js';

/** What runs in the thread of a simulation: its replay, on one connection and with what time others leave. */
if (!parentPort) throw new Error('a simulation needs the thread that waits for it');
const port = parentPort;
const say = (message: FromSimulation) => port.postMessage(message);
const { databaseUrl, task } = workerData as SimulationThreadData;
// On Linux that of the calling thread alone (setpriority(2)); elsewhere it may be that of the process, so it is left.
if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_LOW);
const dataSource = await createDataSource(databaseUrl, {
  entities: [ConfigVersionEntity, ProgrammeEntity],
  poolSize: 1,
}).initialize();
try {
  const simulator = new SimulatorHere(dataSource, definition, systemClock);
  // It is ended from outside.
  const { signal } = new AbortController();
  const simulated = await simulator.run(task, signal, (progress) => say({ kind: 'progress', progress }));
  say({ kind: 'done', simulated });
} catch (error) {
  say({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
} finally {
  await dataSource.destroy();
}
