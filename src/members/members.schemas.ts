import { free, instant, list, nullable, object, page, ref, text, whole } from '../kernel/json-schema.js';

const member = {
  id: text,
  accountId: text,
  externalId: nullable(text),
  identities: list(object({ type: text, value: text })),
  status: { type: 'string', enum: ['active', 'suspended', 'closed', 'merged'] },
  mergedInto: nullable(text),
  household: nullable(object({ id: text, role: text })),
  enrolledAt: instant,
  birthDate: nullable({ type: 'string', format: 'date' }),
  attributes: free,
  standing: ref('Standing'),
  balance: ref('Balance'),
};

/** What members answer, by name. */
export const memberSchemas = {
  Member: object(member),
  MemberClosed: object({ ...member, pointsForfeited: whole, forfeitsAt: nullable(instant) }),
  Members: page(ref('Member')),
  MembersMerged: object({
    id: text,
    accountId: text,
    duplicate: text,
    transfer: nullable(ref('Transfer')),
    balance: ref('Balance'),
    standing: ref('Standing'),
  }),
};
