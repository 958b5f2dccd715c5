import type { Instant } from '../kernel/time.js';
import type { ConfigKind, ConfigSnapshot, Published } from '../platform/versioned-config/config-snapshot.js';
import type { TierSet } from './domain/tier-set.js';

/** A programme has one ladder; its versions follow each other under this key. */
export const TIER_SET_KEY = 'main';

export const tierSetKind: ConfigKind<TierSet> = { name: 'tier-set' };

export function tierSetInForce(config: ConfigSnapshot, at: Instant): Published<TierSet> | undefined {
  return config.find(tierSetKind, TIER_SET_KEY, at);
}
