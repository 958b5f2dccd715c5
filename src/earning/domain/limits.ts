import type { Points } from '../../kernel/points.js';
import type { LocalDate } from '../../kernel/time.js';
import { windowStart, type CommonWindow } from '../../kernel/window.js';
import { usedIn, type EarningCounters } from './counters.js';
import type { EarningRule, LimitPeriod, RuleLimit } from './earning-rule.js';

/** The most points a rule may still give, and the name of the cap that says so. */
export interface Ceiling {
  readonly points: Points;
  readonly limitedBy: string;
}

type CountedPeriod = Exclude<LimitPeriod, 'purchase'>;
/** The window of each period. */
const WINDOWS: Readonly<Record<CountedPeriod, CommonWindow>> = {
  day: { type: 'calendar', unit: 'day' },
  week: { type: 'calendar', unit: 'week' },
  month: { type: 'calendar', unit: 'month' },
  quarter: { type: 'calendar', unit: 'quarter' },
  year: { type: 'calendar', unit: 'year' },
  total: { type: 'lifetime' },
};
type CountedLimit = RuleLimit & { readonly period: CountedPeriod };

/** The limits of a rule that look beyond the receipt loaded, for which counters are kept. */
export function countedLimits({ limits }: EarningRule): readonly CountedLimit[] {
  return limits.filter((limit): limit is CountedLimit => limit.period !== 'purchase');
}

/** From which day on a rule's counters must be known to evaluate a receipt of `day`; null when it has none. */
export function countersFrom(rule: EarningRule, day: LocalDate): LocalDate | null {
  const starts = countedLimits(rule).map(({ period }) => windowStart(WINDOWS[period], day));
  return starts.length === 0 ? null : starts.reduce((a, b) => (a < b ? a : b));
}

/**
 * The lowest of a rule's caps for a receipt of `day`, and of the balance's. Periods are those that hold the
 * receipt's day, whole: what a later receipt of the period used is gone for a late one. Of equal caps the first.
 * @param headroom what may still be added to the balance; null when it has no cap.
 */
export function lowestCeiling(
  rule: EarningRule,
  used: { readonly counters: EarningCounters; readonly ruleId: string; readonly day: LocalDate },
  headroom: Points | null,
): Ceiling | null {
  const ceilings = rule.limits.flatMap((limit) => ceilingsOf(limit, used));
  if (headroom !== null) ceilings.push({ points: headroom, limitedBy: 'programme.maximumBalance' });
  return ceilings.reduce<Ceiling | null>(
    (lowest, ceiling) => (lowest === null || ceiling.points < lowest.points ? ceiling : lowest),
    null,
  );
}

function ceilingsOf(limit: RuleLimit, used: Parameters<typeof lowestCeiling>[1]): Ceiling[] {
  const { period, points, times } = limit;
  if (period === 'purchase') return points === null ? [] : [{ points, limitedBy: 'rule.perPurchase' }];
  const name = period === 'total' ? 'total' : `per${capitalised(period)}`;
  const count = usedIn(used.counters, used.ruleId, WINDOWS[period], used.day);
  return [
    ...(points === null ? [] : [{ points: Math.max(0, points - count.points), limitedBy: `rule.${name}` }]),
    ...(times === null || count.times < times
      ? []
      : [{ points: 0, limitedBy: `rule.times${capitalised(name)}` }]),
  ];
}

function capitalised(word: string): string {
  return `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;
}
