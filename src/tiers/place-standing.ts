import type { DomainEventMap } from '../kernel/domain-events.js';
import { NeedsMoreRows } from '../kernel/needs-more-rows.js';
import type { AccountId } from '../kernel/ids.js';
import type { Instant } from '../kernel/time.js';
import type { Emission } from '../platform/pipeline/index.js';
import type { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import { TIER_SET_KEY } from '../programmes/index.js';
import type { StandingState } from './domain/standing.js';
import { decideStanding, LACKS_DAYS, type LadderVersion, type Occurrence } from './domain/timed-standing.js';

/** What a decision on a ladder with time is about. */
export interface Placing {
  /** The ladders in force by `now`, as `ladderVersionsBy` gives them. */
  readonly versions: readonly LadderVersion[];
  readonly occurrence: Occurrence | null;
  readonly now: Instant;
  readonly cause: DomainEventMap['tier.changed']['cause'];
  /** The account that lacks days, if it does. */
  readonly accountId: AccountId;
}

/**
 * The events of a standing on a ladder with time, once something counted or time passed: its place, if that is another
 * one, and the changes of tier.
 * @throws NeedsMoreRows where all days of the member are needed and not loaded.
 */
export function placeStanding(
  state: StandingState,
  config: ConfigSnapshot,
  { versions, occurrence, now, cause, accountId }: Placing,
): readonly Emission[] {
  const decided = decideStanding(state, versions, occurrence, now, config.timeZone);
  if (decided === LACKS_DAYS)
    throw new NeedsMoreRows(accountId, 'the days of the whole standing', 'standing');
  const { place, version, dueAt, renewed } = decided;
  const tierSet = { id: TIER_SET_KEY, version };
  const changes = decided.changes.map(({ from, to, since }): Emission => ({
    type: 'tier.changed',
    data: { from, to, since, tierSet, cause },
  }));
  const isSame =
    state.placeVersion === version &&
    state.dueAt === dueAt &&
    state.place !== null &&
    samePlace(state.place, place);
  if (isSame && changes.length === 0) return [];
  return [{ type: 'tier.placed', data: { place, tierSet, dueAt, renewed } }, ...changes];
}

type Place = NonNullable<StandingState['place']>;

/** The same standing, worked out through the same day. */
function samePlace(one: Place, other: Place): boolean {
  return (
    one.rung === other.rung &&
    one.since === other.since &&
    one.validFrom === other.validFrom &&
    one.until === other.until &&
    one.graceUntil === other.graceUntil &&
    one.rolledTo === other.rolledTo
  );
}
