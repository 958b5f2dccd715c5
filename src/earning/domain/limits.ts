import type { Points } from '../../kernel/points.js';
import { addToDate, type LocalDate } from '../../kernel/time.js';
import { windowStart, type CommonWindow } from '../../kernel/window.js';
import { usedIn, type EarningCounters } from './counters.js';
import type { CoolDown, EarningRule, LimitPeriod, RuleLimit } from './earning-rule.js';

/** The most points a rule may still give, and the name of the cap that says so. */
export interface Ceiling {
  readonly points: Points;
  readonly limitedBy: string;
}

/** The windows of the periods. */
const WINDOWS = {
  day: { type: 'calendar', unit: 'day' },
  week: { type: 'calendar', unit: 'week' },
  month: { type: 'calendar', unit: 'month' },
  quarter: { type: 'calendar', unit: 'quarter' },
  year: { type: 'calendar', unit: 'year' },
  total: { type: 'lifetime' },
} as const satisfies Readonly<Partial<Record<LimitPeriod, CommonWindow>>>;

/** Over which days a limit counts; null for one of a receipt alone. */
function windowOf({ period, window }: RuleLimit): CommonWindow | null {
  if (period === 'purchase') return null;
  return period === 'window' ? (window as CommonWindow) : WINDOWS[period];
}

/** Whether what a rule gives is counted, because it asks for what it gave before. */
export function isCounted({ limits, coolDown }: EarningRule): boolean {
  return coolDown !== null || limits.some((limit) => windowOf(limit) !== null);
}

/** From which day on a rule's counters must be known to evaluate a receipt of `day`; null when it has none. */
export function countersFrom({ limits, coolDown }: EarningRule, day: LocalDate): LocalDate | null {
  const windows = limits.map(windowOf).filter((window) => window !== null);
  const starts = windows.map((window) => windowStart(window, day));
  if (coolDown !== null) starts.push(coolingSince(coolDown, day));
  return starts.length === 0 ? null : starts.reduce((a, b) => (a < b ? a : b));
}

function coolingSince({ days }: CoolDown, day: LocalDate): LocalDate {
  return addToDate(day, { days: 1 - days });
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
 * receipt of the period used is gone for a late one. Of equal limits the first; a cool-down is asked first.
 * @param points what the rule would give: a limit that refuses leaves nothing of what it does not cover whole.
 */
export function lowestCeiling(rule: EarningRule, used: Used, points: Points): Ceiling | null {
  if (rule.coolDown !== null && isCooling(rule.coolDown, used))
    return { points: 0, limitedBy: 'rule.coolDown' };
  let lowest: Ceiling | null = null;
  for (const limit of rule.limits)
    for (const ceiling of ceilingsOf(limit, used, points))
      if (lowest === null || ceiling.points < lowest.points) lowest = ceiling;
  return lowest;
}

/** Whether the rule gave points so few days before or after that it gives none now. */
function isCooling(coolDown: CoolDown, { counters, ruleId, day }: Used): boolean {
  const [from, through] = [coolingSince(coolDown, day), addToDate(day, { days: coolDown.days - 1 })];
  for (const [counted, { times }] of counters.known.get(ruleId) ?? [])
    if (times > 0 && counted >= from && counted <= through) return true;
  return false;
}

function ceilingsOf(limit: RuleLimit, used: Used, asked: Points): readonly Ceiling[] {
  const { points, times, onExceed = 'truncate' } = limit;
  const leaves = (left: Points, limitedBy: string): Ceiling => ({
    points: onExceed === 'refuse' && left < asked ? 0 : left,
    limitedBy,
  });
  const window = windowOf(limit);
  if (window === null) return points === null ? [] : [leaves(points, 'rule.perPurchase')];
  const name = nameOf(window);
  const count = usedIn(used.counters, used.ruleId, window, used.day);
  return [
    ...(points === null ? [] : [leaves(Math.max(0, points - count.points), `rule.${name}`)]),
    ...(times === null || count.times < times
      ? []
      : [{ points: 0, limitedBy: `rule.times${capitalised(name)}` }]),
  ];
}

function nameOf(window: CommonWindow): string {
  switch (window.type) {
    case 'lifetime':
      return 'total';
    case 'rolling':
      return 'perRollingWindow';
    case 'calendar':
      return `per${capitalised(window.unit)}`;
  }
}

function capitalised(word: string): string {
  return `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;
}
