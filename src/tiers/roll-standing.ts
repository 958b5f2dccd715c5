import type { Instant } from '../kernel/time.js';
import type { Emission } from '../platform/pipeline/index.js';
import type { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import type { StandingState } from './domain/standing.js';
import { dropOf, dropped } from './dropped-tiers.js';
import { ladderVersions, ladderVersionsBy } from './ladder-versions.js';
import { placeStanding } from './place-standing.js';

/**
 * When time changes a standing next: at an end that is known, or when a new version of the ladder meets it. A ladder
 * without time does so where it drops the member's tier.
 */
export function nextRoll(state: StandingState, config: ConfigSnapshot): Instant | null {
  const versions = ladderVersions(config);
  if (versions.length === 0) return dropOf(state, config)?.since ?? null;
  const { place, placeVersion, dueAt, days, changes } = state;
  const meets = place
    ? versions[versions.findIndex(({ version }) => version === placeVersion) + 1]
    : versions.find(({ timed }) => timed && (days.size > 0 || changes.length > 0));
  if (!meets) return dueAt;
  return Math.min(dueAt ?? Infinity, meets.effectiveAt);
}

/** What is due of a standing at an instant. @throws NeedsMoreRows where all days of the member are needed. */
export function rolled(state: StandingState, at: Instant, config: ConfigSnapshot): readonly Emission[] {
  const versions = ladderVersionsBy(config, at);
  if (versions.length === 0) return dropped(state, config);
  const { homeAccountId: accountId } = state;
  return placeStanding(state, config, {
    versions,
    occurrence: null,
    now: at,
    cause: { type: 'roll' },
    accountId,
  });
}
