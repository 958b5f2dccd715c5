import { flag, instant, list, nullable, object, oneOf, text, whole } from '../kernel/json-schema.js';
import { configSchemas } from '../platform/versioned-config/config-schemas.js';

/** What tiers answer, by name. */
export const tierSchemas = {
  ...configSchemas('TierSet', 'TierSetDto'),
  TierTransition: object({
    state: oneOf(['none', 'waiting', 'running', 'done']),
    members: nullable(whole),
    done: nullable(whole),
    undecided: nullable(whole),
    beganAt: nullable(instant),
    endedAt: nullable(instant),
  }),
  Standing: object({
    tier: nullable(text),
    since: instant,
    validUntil: nullable(instant),
    inGrace: flag,
    atNextRoll: nullable(text),
    nextTier: nullable(text),
    progress: list(object({ measure: text, value: whole, toKeep: whole, toNext: nullable(whole) })),
    reason: object({ type: text, purchaseId: nullable(text), returnId: nullable(text) }),
  }),
};
