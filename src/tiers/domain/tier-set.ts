import type { CalendarWindow, RollingWindow } from '../../kernel/window.js';
import type { Ladder } from './ladder.js';
import type {
  PublishedGrace,
  PublishedPromotion,
  PublishedRequirement,
  PublishedValidity,
} from './published-rules.js';
import type { Transition } from './transition.js';

/**
 * What a tier counts. `spend` is what the customer paid in minor units, `points` the purchase points earned, `status` the
 * status points that rules gave.
 */
export type Measure = 'spend' | 'points' | 'status';

export interface Tier {
  readonly key: string;
  readonly name: string;
  /** What the measure must reach; 0 for the first, and for a tier that says itself what is to be reached. */
  readonly threshold: number;
  /** What is to be reached instead of the threshold. */
  readonly reach?: PublishedRequirement;
  /** What is to be kept instead of what was to be reached. */
  readonly keep?: PublishedRequirement;
  /** Instead of the ladder's. */
  readonly validity?: PublishedValidity;
  readonly noDowngrade?: true;
  readonly retired?: { readonly successor?: string };
}

/** Over which days a ladder counts: the calendar period that holds the day, or the months or days that end with it. */
export type TierWindow = CalendarWindow | RollingWindow;

/** A published ladder: tiers in ascending order, the first at 0. */
export interface TierSet {
  readonly measure: Measure;
  readonly window: TierWindow;
  readonly tiers: readonly Tier[];
  /** Absent: `atOnce`. */
  readonly promotion?: PublishedPromotion;
  /** How long a tier is held before it is evaluated; absent: for ever. */
  readonly validity?: PublishedValidity;
  /** Where members go whose time is over; absent: nowhere. */
  readonly demotion?: Ladder['demotion'];
  readonly grace?: PublishedGrace;
  /** What the version does to members of the one before; absent: nothing before their next roll. */
  readonly transition?: Transition;
}

/**
 * Whether time, or more than one measure, has a part in a ladder. Standings on any other follow from promotions alone.
 */
export function isTimed({ tiers, promotion, validity, demotion, grace, transition }: TierSet): boolean {
  const own = ({ reach, keep, validity: of, noDowngrade, retired }: Tier) =>
    reach ?? keep ?? of ?? noDowngrade ?? retired;
  return (promotion ?? validity ?? demotion ?? grace ?? transition ?? tiers.find(own)) !== undefined;
}

/** Why a ladder cannot be used, or null: keys unique, thresholds strictly ascending from 0. */
export function tierSetFault(tiers: readonly Tier[]): string | null {
  const [first] = tiers;
  if (first?.threshold !== 0 || first.reach) return 'The first tier must have the threshold 0.';
  if (new Set(tiers.map(({ key }) => key)).size !== tiers.length)
    return 'Each tier must have a key of its own.';
  const measured = tiers.filter(({ reach }) => !reach);
  const ascending = measured.every(
    (tier, index) => index === 0 || tier.threshold > (measured[index - 1] as Tier).threshold,
  );
  return ascending ? null : 'Each tier must have a higher threshold than the one before it.';
}
