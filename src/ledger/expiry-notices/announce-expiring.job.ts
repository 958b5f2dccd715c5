import { job } from '../../platform/jobs/job.js';
import { ExpiryAnnouncer } from './expiry-announcer.js';

/** Announces what expires soon, in each programme after its midnight; other runs find that no day began. */
export const announceExpiringJob = job({
  name: 'announce-expiring',
  every: { seconds: 5 },
  exclusive: true,
  timeout: { hours: 1 },
  inject: [ExpiryAnnouncer],
  run: (signal, announcer) => announcer.announceDue(signal),
});
