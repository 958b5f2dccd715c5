import { job } from '../platform/jobs/job.js';
import { SimulationRuns } from './simulation-runs.js';

/** Carries out the simulations that were asked for, and removes those that were kept for long enough. */
export const simulationsJob = job({
  name: 'simulations',
  every: { seconds: 1 },
  exclusive: true,
  timeout: { hours: 24 },
  inject: [SimulationRuns],
  run: (signal, runs) => runs.carryOutWaiting(signal),
});
