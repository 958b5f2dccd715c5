import { nullable, object, text } from '../kernel/json-schema.js';

/** Published with a member's own changes, outside the pipeline. */
const changed = object({ memberId: text, status: text });

export const memberEvents = [
  { type: 'member.enrolled', version: 1, schema: object({ memberId: text, externalId: nullable(text) }) },
  { type: 'member.changed', version: 1, schema: changed },
  { type: 'member.suspended', version: 1, schema: changed },
  { type: 'member.reactivated', version: 1, schema: changed },
  { type: 'member.closed', version: 1, schema: changed },
];
