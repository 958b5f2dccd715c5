import { job } from '../platform/jobs/job.js';
import { CorrectionFinisher } from './correction-finisher.js';

/** Takes the rest of what interrupted corrections are to take of other accounts. */
export const finishCorrectionsJob = job({
  name: 'finish-corrections',
  every: { seconds: 60 },
  exclusive: true,
  timeout: { hours: 1 },
  inject: [CorrectionFinisher],
  run: (signal, finisher) => finisher.finishAll(signal),
});
