import type { DomainEventMap, VersionRef } from '../../kernel/domain-events.js';
import type { AccountId } from '../../kernel/ids.js';
import type { Instant, LocalDate } from '../../kernel/time.js';
import { windowStart } from '../../kernel/window.js';
import { measureOf, type QualifyingDay } from './counted-day.js';
import type { Place } from './place.js';
import type { Tier, TierSet } from './tier-set.js';

export interface TierChange {
  /** From 1, in the order in which we came to know of them. */
  readonly sequence: number;
  readonly from: string | null;
  readonly to: string;
  readonly since: Instant;
  readonly recordedAt: Instant;
  readonly tierSet: VersionRef;
  /** The receipt that brought it, or whose return did. */
  readonly purchaseId: string | null;
  /** The return that took a promotion back; null for a promotion. */
  readonly returnId: string | null;
  /** What led to it; null of changes from before it was kept. */
  readonly cause: TierCause | null;
}

export type TierCause = DomainEventMap['tier.changed']['cause']['type'];

/** A member's place on the ladder: what was counted and every change so far. */
export interface StandingState {
  /** The account the member was enrolled with, under which the standing is kept. */
  readonly homeAccountId: AccountId;
  readonly enrolledAt: Instant;
  /** The first business day that `days` tells of; what was counted before it was not loaded. */
  readonly daysFrom: LocalDate;
  /** What counted, by business day; a day on which nothing did may be missing. */
  readonly days: ReadonlyMap<LocalDate, QualifyingDay>;
  readonly changes: readonly TierChange[];
  /** Where the member is on a ladder with time, and the version of it; null where time has no part, or none yet. */
  readonly place: Place | null;
  readonly placeVersion: number | null;
  /** When time changes the standing next, or a new ladder meets it; perhaps too early. */
  readonly dueAt: Instant | null;
  /** Not written yet. */
  readonly placed: boolean;
  readonly newDays: ReadonlyMap<LocalDate, QualifyingDay>;
  readonly newChanges: readonly TierChange[];
}

/** The change in force at an instant; undefined while the member is on the first tier. */
export function changeAt(state: Pick<StandingState, 'changes'>, at: Instant): TierChange | undefined {
  return state.changes
    .filter(({ since }) => since <= at)
    .reduce<TierChange | undefined>(
      (latest, change) => (latest && latest.since > change.since ? latest : change),
      undefined,
    );
}

/** The tier in force at an instant; a tier that the set no longer has counts as its first. */
export function tierAt(state: Pick<StandingState, 'changes'>, set: TierSet, at: Instant): Tier {
  const key = changeAt(state, at)?.to;
  return set.tiers.find((tier) => tier.key === key) ?? (set.tiers[0] as Tier);
}

/** The measure over the window that ends with `day`. */
export function measureAt(days: StandingState['days'], set: TierSet, day: LocalDate): number {
  const from = windowStart(set.window, day);
  let sum = 0;
  for (const [date, counted] of days) {
    if (date < from || date > day) continue;
    sum += measureOf(set.measure, counted);
  }
  return sum;
}

/** The highest tier whose threshold the measure reaches. */
export function qualifyingTier(set: TierSet, measure: number): Tier {
  return set.tiers.reduce((best, tier) => (measure >= tier.threshold ? tier : best), set.tiers[0] as Tier);
}

export interface Promotion {
  readonly from: Tier;
  readonly to: Tier;
  readonly since: Instant;
}

/** A day whose window may promote, and from when on the promotion would hold. */
export interface Candidate {
  readonly day: LocalDate;
  readonly at: Instant;
}

/**
 * The promotion that what happened on a day brings, if any, above the highest standing known so far (which a
 * till whose clock is ahead may have let start in a moment). Every window that has the day in it counts: the one that
 * ends with it, and those that end with a later day on which something counted, which a late receipt fills up. The
 * first promotes from when it happened, the others from when we learnt of it. Where several promote, the higher tier
 * wins, and of one tier the earlier start.
 */
export function promotionFrom(
  state: StandingState,
  set: TierSet,
  happened: Candidate,
  today: Candidate,
): Promotion | null {
  if (happened.day === today.day) return promotionAt(state, set, [happened]);
  const between = [...state.days.keys()].filter((day) => day > happened.day && day < today.day);
  return promotionAt(state, set, [happened, ...between.map((day) => ({ day, at: today.at })), today]);
}

/** The promotion that the windows which end with these days bring, if any. */
export function promotionAt(
  state: StandingState,
  set: TierSet,
  candidates: readonly Candidate[],
): Promotion | null {
  const latest = changeAt(state, Infinity);
  const from = tierAt(state, set, Infinity);
  let best: Promotion | null = null;
  for (const { day, at } of candidates) {
    const to = qualifyingTier(set, measureAt(state.days, set, day));
    if (to.threshold <= (best?.to ?? from).threshold) continue;
    best = { from, to, since: Math.max(at, latest?.since ?? at) };
  }
  return best;
}

export interface Progress {
  readonly value: number;
  /** What is missing to reach the present tier's threshold again within the window; 0 when it is reached. */
  readonly toKeep: number;
  /** What is missing to the next tier; null on the last. */
  readonly toNext: number | null;
  readonly next: Tier | null;
}

export function progressAt(state: StandingState, set: TierSet, current: Tier, day: LocalDate): Progress {
  const value = measureAt(state.days, set, day);
  const next = set.tiers.find(({ threshold }) => threshold > current.threshold) ?? null;
  return {
    value,
    toKeep: Math.max(0, current.threshold - value),
    toNext: next && Math.max(0, next.threshold - value),
    next,
  };
}
