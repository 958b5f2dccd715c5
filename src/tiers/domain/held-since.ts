import type { Instant } from '../../kernel/time.js';
import { tierAt, type StandingState } from './standing.js';
import { isTimed, type Tier, type TierSet } from './tier-set.js';

/**
 * The highest tier that a member held at an instant or later, as it is known now. On a ladder with time what is taken
 * off is taken off from the day on which it counted; on any other a tier is held until it is taken back, so the one
 * held now tells.
 */
export function heldSince(state: Pick<StandingState, 'changes'>, set: TierSet, at: Instant): Tier {
  if (!isTimed(set)) return tierAt(state, set, Infinity);
  const later = state.changes.filter(({ since }) => since > at).map(({ since }) => since);
  const held = [at, ...later].map((instant) => set.tiers.indexOf(tierAt(state, set, instant)));
  return set.tiers[Math.max(...held)] as Tier;
}
