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

/** What a rule gave before, and the receipt that asks for it. */
export interface Used {
  readonly counters: EarningCounters;
  readonly ruleId: string;
  /** The receipt's business day. */
  readonly day: LocalDate;
}

/**
 * The lowest of a rule's limits for a receipt. Periods are those that hold the receipt's day, whole: what a later
 * receipt of the period used is gone for a late one. Of equal limits the first.
 * @param points what the rule would give: a limit that refuses leaves nothing of what it does not cover whole.
 */
export function lowestCeiling(rule: EarningRule, used: Used, points: Points): Ceiling | null {
  let lowest: Ceiling | null = null;
  for (const limit of rule.limits)
    for (const ceiling of ceilingsOf(limit, used, points))
      if (lowest === null || ceiling.points < lowest.points) lowest = ceiling;
  return lowest;
}

function ceilingsOf(limit: RuleLimit, used: Used, asked: Points): readonly Ceiling[] {
  const { period, points, times, onExceed = 'truncate' } = limit;
  const leaves = (left: Points, limitedBy: string): Ceiling => ({
    points: onExceed === 'refuse' && left < asked ? 0 : left,
    limitedBy,
  });
  if (period === 'purchase') return points === null ? [] : [leaves(points, 'rule.perPurchase')];
  const name = period === 'total' ? 'total' : `per${capitalised(period)}`;
  const count = usedIn(used.counters, used.ruleId, WINDOWS[period], used.day);
  return [
    ...(points === null ? [] : [leaves(Math.max(0, points - count.points), `rule.${name}`)]),
    ...(times === null || count.times < times
      ? []
      : [{ points: 0, limitedBy: `rule.times${capitalised(name)}` }]),
  ];
}

function capitalised(word: string): string {
  return `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;
}
