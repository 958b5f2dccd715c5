import { localDate, type Instant, type LocalDate } from '../../kernel/time.js';
import {
  measureAt,
  qualifyingTier,
  tierAt,
  type Promotion,
  type QualifyingDay,
  type StandingState,
  type TierChange,
} from './standing.js';
import type { Tier, TierSet } from './tier-set.js';

/** What a return took off a business day. */
export interface TakenOff {
  readonly purchaseId: string;
  readonly day: LocalDate;
  readonly spendMinor: number;
  readonly points: number;
}

export interface StepDown {
  readonly from: Tier;
  readonly to: Tier;
  readonly since: Instant;
}

/** A promotion that stands, and the receipt that brought it. */
type StandingPromotion = Promotion & Pick<TierChange, 'purchaseId'>;

/**
 * What is left of a standing after goods of a receipt came back: a promotion that only that receipt caused is
 * taken back, as if it had not happened (scenario decision 6). A promotion is taken back where the measure
 * reached its threshold on some day since it began as long as the receipt counted, and on none without what came
 * back; the tier is then the highest that those days do justify, not below the one before the promotion, which is
 * looked at in its turn. Null where everything stands.
 * @param state with the measure already lowered.
 * @param at when the goods came back, from when on the lower tier holds.
 */
export function stepDownAfterReturn(
  state: StandingState,
  set: TierSet,
  taken: TakenOff,
  at: Instant,
  zone: string,
): StepDown | null {
  const promotions = promotionsThatStand(state.changes, set);
  const latest = state.changes.at(-1);
  const from = tierAt(state, set, Infinity);
  const before = withTakenBack(state.days, taken);
  let to = from;
  for (const promotion of promotions.reverse()) {
    const since = firstDay(promotion, taken, zone);
    // What began before the receipt counted did not need it.
    if (since < taken.day) break;
    const isReached = (days: StandingState['days']) =>
      qualifyingTier(set, highestMeasure(days, set, since)).threshold >= promotion.to.threshold;
    if (isReached(state.days) || !isReached(before)) break;
    const justified = qualifyingTier(set, highestMeasure(state.days, set, since));
    to = justified.threshold > promotion.from.threshold ? justified : promotion.from;
    if (to !== promotion.from) break;
  }
  return to === from ? null : { from, to, since: Math.max(at, latest?.since ?? at) };
}

/**
 * Replays the changes: a step up is a promotion; a step down ends the promotions above it, and leaves of the
 * lowest of these as much as the step leaves.
 */
function promotionsThatStand(changes: readonly TierChange[], set: TierSet): StandingPromotion[] {
  const standing: StandingPromotion[] = [];
  const first = set.tiers[0] as Tier;
  const current = () => standing.at(-1)?.to ?? first;
  for (const { to: key, since, purchaseId } of changes) {
    const to = set.tiers.find((tier) => tier.key === key) ?? first;
    let ended: StandingPromotion | null = null;
    while (current().threshold > to.threshold) ended = standing.pop() ?? null;
    if (to.threshold > current().threshold) {
      const cause = ended ?? { since, purchaseId };
      standing.push({ from: current(), to, since: cause.since, purchaseId: cause.purchaseId });
    }
  }
  return standing;
}

/** A late receipt may promote by the window of its own day, which ended before the promotion began. */
function firstDay({ since, purchaseId }: StandingPromotion, taken: TakenOff, zone: string): LocalDate {
  const day = localDate(since, zone);
  return purchaseId === taken.purchaseId && taken.day < day ? taken.day : day;
}

function withTakenBack(days: StandingState['days'], { day, spendMinor, points }: TakenOff) {
  const left = days.get(day) ?? { spendMinor: 0, points: 0, visits: 0 };
  const whole: QualifyingDay = {
    ...left,
    spendMinor: left.spendMinor + spendMinor,
    points: left.points + points,
  };
  return new Map([...days, [day, whole]]);
}

/** The highest measure of any day from one on. Windows grow only on days that count something. */
function highestMeasure(days: StandingState['days'], set: TierSet, from: LocalDate): number {
  const candidates = [from, ...[...days.keys()].filter((day) => day > from)];
  return Math.max(...candidates.map((day) => measureAt(days, set, day)));
}
