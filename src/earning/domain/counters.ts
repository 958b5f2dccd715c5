import type { Points } from '../../kernel/points.js';
import { startOfNextPeriod, startOfPeriod, type CalendarUnit, type LocalDate } from '../../kernel/time.js';

/** What a rule gave a member: points, and on how many receipts. */
export interface Count {
  readonly points: Points;
  readonly times: number;
}

const NOTHING: Count = { points: 0, times: 0 };

/** By rule, then by the business day of the receipts. */
export type CountsByRule = ReadonlyMap<string, ReadonlyMap<LocalDate, Count>>;

/** What rules with limits gave one member, as far as it was loaded, and what is not written yet. */
export interface EarningCounters {
  readonly known: CountsByRule;
  readonly given: CountsByRule;
  readonly takenBack: CountsByRule;
}

export const NO_COUNTERS: EarningCounters = { known: new Map(), given: new Map(), takenBack: new Map() };

/** Counts what a rule gave on a receipt of `day`. */
export function countGiven<S extends EarningCounters>(
  counters: S,
  ruleId: string,
  day: LocalDate,
  points: Points,
): S {
  const count = { points, times: 1 };
  return {
    ...counters,
    known: added(counters.known, ruleId, day, count),
    given: added(counters.given, ruleId, day, count),
  };
}

/**
 * Takes back what was returned of it; `whole` when nothing is left, so that the receipt counts no longer. What was not
 * counted when it was given has no count to be taken off, neither here nor in the rows.
 */
export function countTakenBack<S extends EarningCounters>(
  counters: S,
  ruleId: string,
  day: LocalDate,
  { points, whole }: { readonly points: Points; readonly whole: boolean },
): S {
  const count = { points: -points, times: whole ? -1 : 0 };
  const isCounted = counters.known.get(ruleId)?.has(day) ?? false;
  return {
    ...counters,
    known: isCounted ? added(counters.known, ruleId, day, count) : counters.known,
    takenBack: added(counters.takenBack, ruleId, day, count),
  };
}

/** What a rule gave in the calendar period that holds `day`, days after it included. */
export function usedIn(
  { known }: EarningCounters,
  ruleId: string,
  period: CalendarUnit | 'total',
  day: LocalDate,
): Count {
  const counts = [...(known.get(ruleId) ?? [])].filter(([counted]) => isWithin(counted, period, day));
  // A day may fall below nothing where points are returned that were given before the rule was counted.
  return counts.reduce(
    (sum, [, { points, times }]) => plus(sum, { points: Math.max(0, points), times: Math.max(0, times) }),
    NOTHING,
  );
}

function isWithin(counted: LocalDate, period: CalendarUnit | 'total', day: LocalDate): boolean {
  if (period === 'total') return true;
  return counted >= startOfPeriod(day, period) && counted < startOfNextPeriod(day, period);
}

function added(counts: CountsByRule, ruleId: string, day: LocalDate, count: Count): CountsByRule {
  const days = counts.get(ruleId) ?? new Map<LocalDate, Count>();
  return new Map([...counts, [ruleId, new Map([...days, [day, plus(days.get(day) ?? NOTHING, count)]])]]);
}

function plus(a: Count, b: Count): Count {
  return { points: a.points + b.points, times: a.times + b.times };
}
