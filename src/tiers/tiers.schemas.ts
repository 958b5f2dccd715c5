import { instant, list, nullable, object, text, whole } from '../kernel/json-schema.js';

/** What tiers answer, by name. */
export const tierSchemas = {
  Standing: object({
    tier: nullable(text),
    since: instant,
    validUntil: nullable(instant),
    nextTier: nullable(text),
    progress: list(object({ measure: text, value: whole, toKeep: whole, toNext: nullable(whole) })),
    reason: object({ type: text, purchaseId: nullable(text), returnId: nullable(text) }),
  }),
};
