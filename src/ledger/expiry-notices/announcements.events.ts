import { instant, list, object, text, whole } from '../../kernel/json-schema.js';
import { publicEvent } from '../../kernel/public-event.js';
import { formatInstant } from '../../kernel/time.js';

export const announcementEvents = [
  publicEvent({
    from: 'expiry.announced',
    type: 'points.expiringSoon',
    version: 1,
    schema: object({ expiresAt: instant, points: whole, memberIds: list(text) }),
    payload: ({ data: { expiresAt, points, memberIds } }) => ({
      expiresAt: formatInstant(expiresAt),
      points,
      memberIds,
    }),
  }),
];
