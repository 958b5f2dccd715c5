export {
  PROGRAMME_POLICY_KEY,
  programmePolicyInForce,
  programmePolicyKind,
} from './programme-policy.kind.js';
export { ProgrammeStore } from './programme.store.js';
export { ProgrammesModule } from './programmes.module.js';
export type { ProgrammePolicy } from './domain/programme-policy.js';
