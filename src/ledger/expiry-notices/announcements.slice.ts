import type { Instant } from '../../kernel/time.js';
import type { AccountSlice } from '../../platform/pipeline/index.js';

/** Coming expiries of an account that were announced; those that are over are dropped with the next one. */
export const announcementsSlice: AccountSlice<readonly Instant[]> = {
  scope: 'account',
  name: 'announcements',
  columns: [
    {
      name: 'announced_expiries',
      type: 'json',
      value: (announced) => (announced.length === 0 ? null : announced),
    },
  ],
  read: (row) => (row['announced_expiries'] ?? []) as readonly Instant[],
  apply: (announced, event) => {
    if (event.type !== 'expiry.announced') return announced;
    return [...announced.filter((expiresAt) => expiresAt > event.recordedAt), event.data.expiresAt];
  },
};
