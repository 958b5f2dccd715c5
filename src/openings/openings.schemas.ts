import { list, nullable, object, ref, text, whole } from '../kernel/json-schema.js';

const totals = object({ lots: whole, points: whole, carriedMinor: whole });

/** What opening balances answer, by name. */
export const openingSchemas = {
  OpeningBalances: object({
    source: text,
    openingDay: nullable(text),
    taken: totals,
    results: list(
      object({
        externalId: text,
        status: whole,
        replayed: { type: 'boolean' },
        lotId: nullable(text),
        problem: nullable(ref('Problem')),
      }),
    ),
  }),
  OpeningProof: object({
    source: text,
    openingDay: nullable(text),
    stated: totals,
    broughtIn: totals,
    difference: totals,
    agrees: { type: 'boolean' },
    ties: { type: 'boolean' },
  }),
};
