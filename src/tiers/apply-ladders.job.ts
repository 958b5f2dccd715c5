import { job } from '../platform/jobs/job.js';
import { TierTransitions } from './tier-transitions.service.js';

/** Lets each new version of a ladder meet all members. */
export const applyLaddersJob = job({
  name: 'apply-ladders',
  every: { seconds: 20 },
  exclusive: true,
  timeout: { hours: 4 },
  inject: [TierTransitions],
  run: (signal, transitions) => transitions.walkAll(signal),
});
