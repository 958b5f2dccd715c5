import { job } from '../../platform/jobs/job.js';
import { AnchorRounds } from './anchor-rounds.js';

/** Looks whether a day is over, and makes its anchor at the second look. */
export const anchorsJob = job({
  name: 'anchors',
  every: { minutes: 1 },
  exclusive: true,
  timeout: { hours: 1 },
  inject: [AnchorRounds],
  run: (signal, rounds) => rounds.look(signal),
});
