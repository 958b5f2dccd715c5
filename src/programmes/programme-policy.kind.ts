import type { Instant } from '../kernel/time.js';
import type { ConfigKind, ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import type { ProgrammePolicy } from './domain/programme-policy.js';

export const programmePolicyKind: ConfigKind<ProgrammePolicy> = { name: 'programme-policy' };
export const PROGRAMME_POLICY_KEY = 'main';

/** What holds for a programme that never published a policy, and before its first one. */
const DEFAULT_POLICY: ProgrammePolicy = {
  pointName: 'points',
  expiry: { type: 'never' },
  pointsOffBasket: null,
};

export function programmePolicyInForce(config: ConfigSnapshot, at: Instant): ProgrammePolicy {
  return config.find(programmePolicyKind, PROGRAMME_POLICY_KEY, at)?.body ?? DEFAULT_POLICY;
}
