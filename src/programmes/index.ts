export {
  announceExpiryDays,
  PROGRAMME_POLICY_KEY,
  programmePolicyInForce,
  programmePolicyKind,
  type PublishedProgrammePolicy,
} from './programme-policy.kind.js';
export { booksFromOf } from './books-from.js';
export { ProgrammeStore } from './programme.store.js';
export { programmeSchemas } from './programmes.schemas.js';
export { ProgrammesModule } from './programmes.module.js';
export { graceEnd } from './domain/grace.js';
export { memberExpiry, type ProgrammePolicy } from './domain/programme-policy.js';
export { boundOf, isBeyond, type DatedKind } from './domain/backdating.js';
export { TIER_SET_KEY, TIER_SET_KIND, tierNames, unknownTiers } from './tier-names.js';
