import type { Instant } from '../kernel/time.js';
import type { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import { TIER_SET_KEY } from '../programmes/index.js';
import type { StandingState, TierChange } from './domain/standing.js';
import { decideStanding, LACKS_DAYS } from './domain/timed-standing.js';
import { ladderVersionsBy } from './ladder-versions.js';
import { dropOf } from './dropped-tiers.js';
import { nextRoll } from './roll-standing.js';

/** A standing with what is due of it by now, as the next command of the member writes it. */
export function settled(
  state: StandingState,
  config: ConfigSnapshot,
  now: Instant,
): StandingState | typeof LACKS_DAYS {
  if ((nextRoll(state, config) ?? Infinity) > now) return state;
  const versions = ladderVersionsBy(config, now);
  if (versions.length === 0) {
    const drop = dropOf(state, config);
    return drop ? settled(withChanges(state, [drop], drop.version, now), config, now) : state;
  }
  const decided = decideStanding(state, versions, null, now, config.timeZone);
  if (decided === LACKS_DAYS) return LACKS_DAYS;
  const { place, version, dueAt, changes } = decided;
  return { ...withChanges(state, changes, version, now), place, placeVersion: version, dueAt };
}

function withChanges(
  state: StandingState,
  made: readonly { readonly from: string | null; readonly to: string; readonly since: Instant }[],
  version: number,
  now: Instant,
): StandingState {
  const changes = made.map(({ from, to, since }, index): TierChange => ({
    ...{ sequence: state.changes.length + 1 + index, from, to, since, recordedAt: now },
    tierSet: { id: TIER_SET_KEY, version },
    ...{ purchaseId: null, returnId: null, cause: 'roll' },
  }));
  return { ...state, changes: [...state.changes, ...changes] };
}
