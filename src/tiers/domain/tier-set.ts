import type { CalendarWindow, RollingWindow } from '../../kernel/window.js';

/** What a tier counts. `spend` is what the customer paid in minor units, `points` the purchase points earned. */
export type Measure = 'spend' | 'points';

export interface Tier {
  readonly key: string;
  readonly name: string;
  /** What the measure must reach; 0 for the first. */
  readonly threshold: number;
}

/** Over which days a ladder counts: the calendar period that holds the day, or the months or days that end with it. */
export type TierWindow = CalendarWindow | RollingWindow;

/** A published ladder: tiers in ascending order of threshold, the first at 0. */
export interface TierSet {
  readonly measure: Measure;
  readonly window: TierWindow;
  readonly tiers: readonly Tier[];
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
