import { free, instant, nullable, object, page, ref, text, whole, wholeList } from '../kernel/json-schema.js';

/** What the event log answers, by name. */
export const eventSchemas = {
  Event: object({
    id: text,
    type: text,
    version: whole,
    programmeId: text,
    accountId: text,
    memberId: nullable(text),
    sequence: whole,
    occurredAt: instant,
    recordedAt: instant,
    actor: nullable(text),
    data: free,
  }),
  MemberEvents: page(ref('Event')),
  Events: page(ref('Event')),
  EventSchemas: wholeList(free),
};
