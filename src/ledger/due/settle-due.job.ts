import { job } from '../../platform/jobs/job.js';
import { SettleDue } from './settle-due.js';

/** Settles what fell due on accounts to which nothing else happens. What a run leaves is found by the next. */
export const settleDueJob = job({
  name: 'settle-due',
  every: { seconds: 5 },
  exclusive: true,
  timeout: { hours: 1 },
  inject: [SettleDue],
  run: (signal, settleDue) => settleDue.all(signal),
});
