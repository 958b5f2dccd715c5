import { job } from '../../platform/jobs/job.js';
import { VerifyRuns } from './verify-runs.js';

/** Carries out the runs of `verify` that were started over HTTP. */
export const verifyRunsJob = job({
  name: 'verify-runs',
  every: { seconds: 1 },
  exclusive: true,
  timeout: { hours: 24 },
  inject: [VerifyRuns],
  run: (signal, runs) => runs.carryOutWaiting(signal),
});
