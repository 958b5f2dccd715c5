import { instant, nullable, object, text } from '../kernel/json-schema.js';
import { publicEvent } from '../kernel/public-event.js';
import { formatInstant } from '../kernel/time.js';

const changed = object({ memberId: text, status: text });

/** Published with a member's own changes, outside the pipeline. */
export const memberEvents = [
  { type: 'member.enrolled', version: 1, schema: object({ memberId: text, externalId: nullable(text) }) },
  { type: 'member.changed', version: 1, schema: changed },
  { type: 'member.suspended', version: 1, schema: changed },
  { type: 'member.reactivated', version: 1, schema: changed },
];

/** Published by the pipeline. */
export const closingEvents = [
  publicEvent({
    from: 'member.closed',
    type: 'member.closed',
    version: 1,
    schema: changed,
    payload: ({ memberId }) => ({ memberId, status: 'closed' }),
  }),
  publicEvent({
    from: 'closing.graceBegan',
    type: 'closing.graceBegan',
    version: 1,
    schema: object({ memberId: text, forfeitsAt: instant }),
    payload: ({ data: { forfeitsAt }, memberId }) => ({ memberId, forfeitsAt: formatInstant(forfeitsAt) }),
  }),
  publicEvent({
    from: 'closing.graceEnded',
    type: 'closing.graceEnded',
    version: 1,
    schema: object({ memberId: text }),
    payload: ({ memberId }) => ({ memberId }),
  }),
];

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
