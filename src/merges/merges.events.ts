import { object, text } from '../kernel/json-schema.js';
import { publicEvent } from '../kernel/public-event.js';

const side = object({ memberId: text, accountId: text });

/** Told for both members, each on the account they had. */
export const mergeEvents = [
  publicEvent({
    from: 'member.merged',
    type: 'member.merged',
    version: 1,
    schema: object({ survivor: side, duplicate: side }),
    payload: ({ data: { survivor, duplicate } }) => ({
      survivor: { memberId: survivor.memberId, accountId: survivor.accountId },
      duplicate: { memberId: duplicate.memberId, accountId: duplicate.accountId },
    }),
  }),
];
