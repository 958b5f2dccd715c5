import { job } from '../platform/jobs/job.js';
import { UndoRunner } from './undo-runner.js';

/** Goes on with undos that were approved, from where each has come to. */
export const undoJob = job({
  name: 'undo-grants',
  every: { seconds: 15 },
  exclusive: true,
  timeout: { hours: 6 },
  inject: [UndoRunner],
  run: (signal, runner) => runner.runAll(signal),
});
