import type { Points } from '../../kernel/points.js';

/** Whether a part of a step counts: whole steps only, or exactly what there is. */
export type Steps = 'whole' | 'exact';

/** `points` for each `stepMinor` of the matching lines together; of a step that is not full nothing, unless `exact`. */
export interface PerSpend {
  readonly type: 'perSpend';
  readonly points: Points;
  readonly stepMinor: number;
  /** Absent in versions published before it existed: `whole`. */
  readonly steps?: Steps;
  /** Decimal factor by tier key; a tier that is not named has factor 1. */
  readonly tierMultipliers: Readonly<Record<string, string>>;
}

/**
 * `points` for each `perQuantity` of the matching lines together: pieces, kilograms, litres. What was given for a reward
 * does not count, nor does a line that cost nothing.
 */
export interface PerUnit {
  readonly type: 'perUnit';
  readonly points: Points;
  /** Decimal string above 0. */
  readonly perQuantity: string;
  /** Absent in versions published before it existed: `whole`. */
  readonly steps?: Steps;
  readonly tierMultipliers: Readonly<Record<string, string>>;
}

/** `points` once, when the matching lines together reach `minimumMinor`. */
export interface BasketBonus {
  readonly type: 'basketBonus';
  readonly points: Points;
  readonly minimumMinor: number;
}

/** `points` once, for any line that matches. */
export interface Fixed {
  readonly type: 'fixed';
  readonly points: Points;
}

/** Points once, by the tier of the member. */
export interface TierTable {
  readonly type: 'tierTable';
  readonly byTier: Readonly<Record<string, Points>>;
  /** For a tier that is not named, and without a ladder; may be 0. */
  readonly otherwise: Points;
}

/** From so many minor units on, so many points once. */
export interface Band {
  readonly fromMinor: number;
  readonly points: Points;
}

/** The points of the highest band that the matching lines together reach. */
export interface Bands {
  readonly type: 'bands';
  /** From low to high, each with another `fromMinor`. */
  readonly bands: readonly Band[];
}

/**
 * A share of the margin of the matching lines, a point for each `minorPerPoint` of it. The margin of a line, in minor
 * units, stands in an attribute of it; a line without one, or with a negative one, has none. Of a line of which only a
 * part counts, only that part of its margin does.
 */
export interface MarginShare {
  readonly type: 'marginShare';
  readonly attribute: string;
  /** Decimal string above 0, at most 1. */
  readonly share: string;
  readonly minorPerPoint: number;
  readonly tierMultipliers: Readonly<Record<string, string>>;
}

/**
 * A promotional multiple of what other rules give: `base x (factor - 1)`, as an award of its own. The base is the raw
 * figure of each rule named, before all factors, as far as it comes from lines that this rule matches, too. So factors
 * of tiers and several campaigns add up instead of multiplying each other.
 */
export interface MultiplierOnBase {
  readonly type: 'multiplierOnBase';
  /** Decimal string above 1. */
  readonly factor: string;
  /** Keys of the rules whose points are the base. */
  readonly of: readonly string[];
}

export type RuleAmount =
  PerSpend | PerUnit | BasketBonus | Fixed | TierTable | Bands | MarginShare | MultiplierOnBase;

const NO_FACTORS: Readonly<Record<string, string>> = {};

/** Factors by tier; none for an amount that has no such thing. */
export function tierFactors(amount: RuleAmount): Readonly<Record<string, string>> {
  return 'tierMultipliers' in amount ? amount.tierMultipliers : NO_FACTORS;
}

/** The tiers that an amount names, with the field that names them. */
export function namedTiers(amount: RuleAmount): {
  readonly field: string;
  readonly tiers: readonly string[];
} {
  return amount.type === 'tierTable'
    ? { field: 'byTier', tiers: Object.keys(amount.byTier) }
    : { field: 'tierMultipliers', tiers: Object.keys(tierFactors(amount)) };
}

/** Whether an amount goes by its lines, so that what comes back takes what the lines earned; others have a threshold. */
export function goesByLines({ type }: RuleAmount): boolean {
  return type === 'perSpend' || type === 'perUnit' || type === 'marginShare' || type === 'multiplierOnBase';
}

/** Whether the raw figure is a whole number whatever the receipt, and no tier's factor makes a fraction of it. */
export function isAlwaysWhole(amount: RuleAmount): boolean {
  switch (amount.type) {
    case 'perSpend':
    case 'perUnit':
      return amount.steps !== 'exact' && Object.keys(amount.tierMultipliers).length === 0;
    case 'marginShare':
    case 'multiplierOnBase':
      return false;
    default:
      return true;
  }
}
