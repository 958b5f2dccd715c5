import type { Points } from '../../kernel/points.js';
import type { LocalDate } from '../../kernel/time.js';
import { windowEnd, windowStart, type CommonWindow } from '../../kernel/window.js';
import type { CountedDay } from './counted-day.js';

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
export function countGiven(
  { known, given, takenBack }: EarningCounters,
  ruleId: string,
  day: LocalDate,
  points: Points,
): EarningCounters {
  const count = { points, times: 1 };
  return { known: added(known, ruleId, day, count), given: added(given, ruleId, day, count), takenBack };
}

/**
 * Takes back what was returned of it; `whole` when nothing is left, so that the receipt counts no longer. What was not
 * counted when it was given has no count to be taken off, neither here nor in the rows.
 */
export function countTakenBack(
  { known, given, takenBack }: EarningCounters,
  ruleId: string,
  day: LocalDate,
  { points, whole }: { readonly points: Points; readonly whole: boolean },
): EarningCounters {
  const count = { points: -points, times: whole ? -1 : 0 };
  const isCounted = known.get(ruleId)?.has(day) ?? false;
  return {
    known: isCounted ? added(known, ruleId, day, count) : known,
    given,
    takenBack: added(takenBack, ruleId, day, count),
  };
}

/** Adds what rules gave a duplicate to the counters of the survivor. */
export function countMerged(counters: EarningCounters, days: readonly CountedDay[]): EarningCounters {
  let { known, given } = counters;
  for (const { ruleId, day, points, times } of days) {
    known = added(known, ruleId, day, { points, times });
    given = added(given, ruleId, day, { points, times });
  }
  return { known, given, takenBack: counters.takenBack };
}

/** All that is known, as one list. */
export function countedDays({ known }: EarningCounters): readonly CountedDay[] {
  return [...known].flatMap(([ruleId, days]) => [...days].map(([day, count]) => ({ ruleId, day, ...count })));
}

/** What a rule gave in the window of a limit, all of the period that holds `day` included. */
export function usedIn(
  { known }: EarningCounters,
  ruleId: string,
  window: CommonWindow,
  day: LocalDate,
): Count {
  const counts = known.get(ruleId);
  if (!counts) return NOTHING;
  const [from, through] = [windowStart(window, day), windowEnd(window, day)];
  let [points, times] = [0, 0];
  for (const [counted, count] of counts) {
    if (counted < from || counted > through) continue;
    // A day may fall below nothing where points are returned that were given before the rule was counted.
    points += Math.max(0, count.points);
    times += Math.max(0, count.times);
  }
  return { points, times };
}

function added(counts: CountsByRule, ruleId: string, day: LocalDate, count: Count): CountsByRule {
  const days = new Map(counts.get(ruleId));
  days.set(day, plus(days.get(day) ?? NOTHING, count));
  return new Map(counts).set(ruleId, days);
}

function plus(a: Count, b: Count): Count {
  return { points: a.points + b.points, times: a.times + b.times };
}
