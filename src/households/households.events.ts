import { nullable, object, text } from '../kernel/json-schema.js';
import { publicEvent } from '../kernel/public-event.js';

const flag = { type: 'boolean' } as const;

/** Told on the household's account. */
export const householdEvents = [
  publicEvent({
    from: 'household.created',
    type: 'household.created',
    version: 1,
    schema: object({ householdId: text, name: nullable(text), headMemberId: text }),
    payload: ({ data }) => ({ ...data }),
  }),
  publicEvent({
    from: 'household.joined',
    type: 'household.joined',
    version: 1,
    schema: object({ householdId: text, memberId: text, role: text }),
    payload: ({ data }) => ({ ...data }),
  }),
  publicEvent({
    from: 'household.left',
    type: 'household.left',
    version: 1,
    schema: object({ householdId: text, memberId: text, homeAccountId: text, closed: flag }),
    payload: ({ data }) => ({ ...data }),
  }),
  publicEvent({
    from: 'household.roleChanged',
    type: 'household.roleChanged',
    version: 1,
    schema: object({ householdId: text, memberId: text, role: text, formerHead: nullable(text) }),
    payload: ({ data }) => ({ ...data }),
  }),
];
