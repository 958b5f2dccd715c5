import { formatInstant, localDate, startOfDay, type Instant } from '../kernel/time.js';
import type { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import {
  changeAt,
  progressAt,
  tierAt,
  type StandingState,
  type TierCause,
  type TierChange,
} from './domain/standing.js';
import type { TierSet } from './domain/tier-set.js';
import { firstPlace } from './domain/place.js';
import { prospectOf } from './domain/prospect.js';
import { countedOf, type LadderVersion } from './domain/timed-standing.js';
import { ladderVersionsBy } from './ladder-versions.js';
import { tierSetInForce } from './tier-set.kind.js';

/** A member's standing as the API shows it; `tier` is null while the programme has no ladder. */
export interface StandingView {
  readonly tier: string | null;
  readonly since: string;
  /** When the tier is evaluated, or its days of grace end; null while no end is set. */
  readonly validUntil: string | null;
  /** What was to be kept was not, and the tier is held until `validUntil`. */
  readonly inGrace: boolean;
  /** The tier after the next evaluation if nothing more counts; null while none is set. */
  readonly atNextRoll: string | null;
  readonly nextTier: string | null;
  readonly progress: readonly {
    readonly measure: string;
    readonly value: number;
    readonly toKeep: number;
    readonly toNext: number | null;
  }[];
  /** What led to it; of a return both the return and the receipt whose goods came back. */
  readonly reason: {
    readonly type: 'enrolment' | TierCause;
    readonly purchaseId: string | null;
    readonly returnId: string | null;
  };
}

export function standingView(state: StandingState, config: ConfigSnapshot, at: Instant): StandingView {
  const set = tierSetInForce(config, at);
  if (set && ladderVersionsBy(config, at).length > 0) return timedView(state, config, at, set.body);
  const change = changeAt(state, at);
  const since = formatInstant(change?.since ?? state.enrolledAt);
  const reason = reasonOf(change, set?.body);
  const open = { validUntil: null, inGrace: false, atNextRoll: null } as const;
  if (!set) return { tier: null, since, ...open, nextTier: null, progress: [], reason };
  const tier = tierAt(state, set.body, at);
  const progress = progressAt(state, set.body, tier, localDate(at, config.timeZone));
  return {
    tier: tier.key,
    since,
    ...open,
    nextTier: progress.next?.key ?? null,
    progress: [
      { measure: set.body.measure, value: progress.value, toKeep: progress.toKeep, toNext: progress.toNext },
    ],
    reason,
  };
}

function reasonOf(change: TierChange | undefined, set: TierSet | undefined): StandingView['reason'] {
  const { purchaseId = null, returnId = null } = change ?? {};
  const type = change ? (change.cause ?? causeBefore(change, set)) : 'enrolment';
  return { type, purchaseId, returnId };
}

/**
 * The standing on a ladder with time, as of the history that is known now. A member without a place is on the first
 * tier. Reads settle what is due first.
 */
function timedView(state: StandingState, config: ConfigSnapshot, at: Instant, set: TierSet): StandingView {
  const { timeZone: zone } = config;
  const { ladder } = ladderVersionsBy(config, at).at(-1) as LadderVersion;
  const day = localDate(at, zone);
  const counted = countedOf(state, zone);
  const place = state.place ?? firstPlace(ladder, counted.enrolledOn);
  const { next, progress, atNextRoll } = prospectOf(place, ladder, counted, day);
  const end = place.graceUntil ?? place.until;
  // A demotion that was taken back leaves the standing with the beginning that it had.
  const began = state.changes.findLast(
    ({ to, since }) => to === place.rung && localDate(since, zone) === place.since,
  );
  const change = began ?? changeAt(state, at);
  return {
    tier: place.rung,
    since: formatInstant(began?.since ?? Math.max(state.enrolledAt, startOfDay(place.since, zone))),
    reason: reasonOf(change?.to === place.rung ? change : undefined, set),
    validUntil: end === null ? null : formatInstant(startOfDay(end, zone)),
    inGrace: place.graceUntil !== null,
    nextTier: next?.key ?? null,
    progress,
    atNextRoll,
  };
}

/**
 * What led to a change from before its cause was kept: one without a receipt came with a merge, one of a receipt that
 * went down with the cancellation of its points.
 */
function causeBefore({ purchaseId, returnId, from, to }: TierChange, set: TierSet | undefined): TierCause {
  if (returnId !== null) return 'return';
  if (purchaseId === null) return 'merge';
  const rung = (tier: string | null) => set?.tiers.findIndex(({ key }) => key === tier) ?? -1;
  return rung(to) < rung(from) ? 'cancellation' : 'purchase';
}
