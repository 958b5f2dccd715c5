import { job } from '../platform/jobs/job.js';
import { UnmatchedReceipts } from './unmatched-receipts.service.js';

/** Deletes receipts without a member some time after their claims ended. */
export const purgeUnmatchedJob = job({
  name: 'purge-unmatched-receipts',
  every: { minutes: 60 },
  exclusive: true,
  timeout: { hours: 1 },
  inject: [UnmatchedReceipts],
  run: (signal, receipts) => receipts.purge(signal),
});
