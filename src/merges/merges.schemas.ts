import { nullable, object, ref, text } from '../kernel/json-schema.js';

/** What a merge answers, by name. */
export const mergeSchemas = {
  MembersMerged: object({
    id: text,
    accountId: text,
    duplicate: text,
    transfer: nullable(ref('Transfer')),
    balance: ref('Balance'),
    standing: ref('Standing'),
  }),
};
