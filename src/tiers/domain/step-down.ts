import type { VersionRef } from '../../kernel/domain-events.js';
import { localDate, type Instant, type LocalDate } from '../../kernel/time.js';
import { windowStart } from '../../kernel/window.js';
import { measureOf, type QualifyingDay } from './counted-day.js';
import { qualifyingTier, tierAt, type StandingState, type TierChange } from './standing.js';
import type { Tier, TierSet } from './tier-set.js';

/** A published ladder and the business days of its time, both inclusive; without an end it goes on. */
export interface LadderInTime {
  readonly version: number;
  readonly set: TierSet;
  readonly from: LocalDate;
  readonly through: LocalDate | null;
}

export interface StepDown {
  readonly from: Tier;
  readonly to: Tier;
  readonly since: Instant;
}

/**
 * What is left of a standing after something that had counted was taken off: as if it had never been there
 * (docs/decisions.md#a-return-counts-at-the-date-of-the-purchase). The tier is the highest that some window
 * justified on the ladder of its time, and never above the one that is held. So it follows from what counts now,
 * whatever the order in which the rest was taken off.
 *
 * Windows end with days on which something counts, for no other has more in it; and with the day on which a promotion
 * began where nothing happened that day: a merge's, or that of a receipt which came late.
 * @param state with everything taken off, and with all of its days.
 * @param set the ladder in force now, whose rungs are held.
 * @param ladders every ladder that was ever published.
 * @param gone the receipt of which nothing counts any more; null where something does.
 * @param at when it was taken off, from when on the lower tier holds.
 * @returns null where the tier stands.
 */
export function stepDown(
  state: StandingState,
  set: TierSet,
  ladders: readonly LadderInTime[],
  gone: string | null,
  at: Instant,
  zone: string,
): StepDown | null {
  const from = tierAt(state, set, Infinity);
  const latest = state.changes.at(-1);
  if (from.threshold === 0 || !latest) return null;
  const counting = new Map([...state.days].filter(([, day]) => isCounting(day)));
  const beginnings = state.changes
    .filter((change) => isPromotion(change, set) && (gone === null || change.purchaseId !== gone))
    .map(({ since, tierSet }) => ({ tierSet, day: localDate(since, zone) }))
    .filter(({ day }) => !state.days.has(day));
  let to = set.tiers[0] as Tier;
  for (const ladder of ladders) {
    const justified = justifiedBy(ladder, counting, beginnings);
    // A rung that the ladder has lost counts as the first.
    const held = set.tiers.find(({ key }) => key === justified.key);
    if (held && held.threshold > to.threshold) to = held;
  }
  return to.threshold >= from.threshold ? null : { from, to, since: Math.max(at, latest.since) };
}

function isCounting({ spendMinor, points, visits, status }: QualifyingDay): boolean {
  return spendMinor > 0 || points > 0 || visits > 0 || status > 0;
}

/** Whether a change went up on the ladder; a rung that it has lost counts as the first. */
function isPromotion({ from, to }: TierChange, { tiers }: TierSet): boolean {
  const threshold = (key: string | null) => tiers.find((tier) => tier.key === key)?.threshold ?? 0;
  return threshold(to) > threshold(from);
}

/** The highest tier that any window of a ladder's time reaches. */
function justifiedBy(
  { set, version, from, through }: LadderInTime,
  days: StandingState['days'],
  beginnings: readonly { readonly tierSet: VersionRef; readonly day: LocalDate }[],
): Tier {
  const isOfItsTime = (day: LocalDate) => day >= from && (through === null || day <= through);
  const began = beginnings.filter(({ tierSet }) => tierSet.version === version).map(({ day }) => day);
  const ends = [...new Set([...[...days.keys()].filter(isOfItsTime), ...began])];
  return qualifyingTier(set, highestMeasure(days, set, ends));
}

/**
 * The highest measure of the windows that end with these days; in time that grows with the days, not their square.
 */
function highestMeasure(days: StandingState['days'], set: TierSet, ends: readonly LocalDate[]): number {
  const counted = [...days]
    .map(([day, counted]) => ({ day, value: measureOf(set.measure, counted) }))
    .sort((a, b) => (a.day < b.day ? -1 : 1));
  let [highest, sum, first, next] = [0, 0, 0, 0];
  for (const end of [...ends].sort()) {
    for (let entry = counted[next]; entry && entry.day <= end; entry = counted[++next]) sum += entry.value;
    const start = windowStart(set.window, end);
    for (let entry = counted[first]; entry && entry.day < start; entry = counted[++first]) sum -= entry.value;
    highest = Math.max(highest, sum);
  }
  return highest;
}
