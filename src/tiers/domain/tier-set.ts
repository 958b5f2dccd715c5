import { addToDate, startOfPeriod, type CalendarUnit, type LocalDate } from '../../kernel/time.js';

/** What a tier counts. `spend` is what the customer paid in minor units, `points` the purchase points earned. */
export type Measure = 'spend' | 'points';

/** Over which days: the calendar period that holds the day, or the n months or days that end with it. */
export type Window =
  | { readonly type: 'calendar'; readonly unit: CalendarUnit }
  | { readonly type: 'rolling'; readonly months?: number; readonly days?: number };

export interface Tier {
  readonly key: string;
  readonly name: string;
  /** What the measure must reach; 0 for the first. */
  readonly threshold: number;
}

/** A published ladder: tiers in ascending order of threshold, the first at 0. */
export interface TierSet {
  readonly measure: Measure;
  readonly window: Window;
  readonly tiers: readonly Tier[];
}

/** First day of the window that ends with `day` (inclusive on both sides). */
export function windowStart(window: Window, day: LocalDate): LocalDate {
  if (window.type === 'calendar') return startOfPeriod(day, window.unit);
  const months = window.months ?? 0;
  const days = window.days ?? 0;
  return addToDate(addToDate(day, { days: 1 }), { months: -months, days: -days });
}

/** Why a ladder cannot be used, or null: keys unique, thresholds strictly ascending from 0. */
export function tierSetFault(tiers: readonly Tier[]): string | null {
  if (tiers[0]?.threshold !== 0) return 'The first tier must have the threshold 0.';
  if (new Set(tiers.map(({ key }) => key)).size !== tiers.length)
    return 'Each tier must have a key of its own.';
  const ascending = tiers.every(
    (tier, index) => index === 0 || tier.threshold > (tiers[index - 1] as Tier).threshold,
  );
  return ascending ? null : 'Each tier must have a higher threshold than the one before it.';
}
