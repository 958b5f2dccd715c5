import { instant, list, nullable, object, page, ref, text } from '../kernel/json-schema.js';

const role = { type: 'string', enum: ['head', 'adult', 'earner'] };
const flag = { type: 'boolean' };
const member = object({ memberId: text, role });

/** What households answer, by name. */
export const householdSchemas = {
  Household: object({
    id: text,
    accountId: text,
    name: nullable(text),
    createdAt: instant,
    closedAt: nullable(instant),
    members: list(member),
    balance: ref('Balance'),
  }),
  Households: page(ref('Household')),
  HouseholdJoined: object({
    id: text,
    accountId: text,
    member,
    transfer: nullable(ref('Transfer')),
    balance: ref('Balance'),
  }),
  HouseholdLeft: object({
    id: text,
    closed: flag,
    member: object({ memberId: text, accountId: text, balance: ref('Balance') }),
    transfer: nullable(ref('Transfer')),
    balance: ref('Balance'),
  }),
  HouseholdRole: object({ id: text, member }),
};
