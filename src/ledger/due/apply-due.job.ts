import { job } from '../../platform/jobs/job.js';
import { ApplyDue } from './apply-due.js';

/** Applies what fell due on accounts without other commands. The next run finds what a run leaves. */
export const applyDueJob = job({
  name: 'apply-due',
  every: { seconds: 5 },
  exclusive: true,
  timeout: { hours: 1 },
  inject: [ApplyDue],
  run: (signal, applyDue) => applyDue.all(signal),
});
