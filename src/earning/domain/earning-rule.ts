import type { LotOrigin } from '../../kernel/domain-events.js';
import type { ExpiryPolicy } from '../../kernel/expiry-policy.js';
import type { Points } from '../../kernel/points.js';

/** Which money of a line counts: what the customer paid, with or without the tax in it. */
export type Basis = 'gross' | 'net';

/** `points` for each full `stepMinor` of the matching lines together; a fraction of a step earns nothing. */
export interface PerSpend {
  readonly type: 'perSpend';
  readonly points: Points;
  readonly stepMinor: number;
  /** Decimal factor by tier key; a tier that is not named has factor 1. */
  readonly tierMultipliers: Readonly<Record<string, string>>;
}

/** `points` once, when the matching lines together reach `minimumMinor`. */
export interface BasketBonus {
  readonly type: 'basketBonus';
  readonly points: Points;
  readonly minimumMinor: number;
}

/** Which lines a rule looks at; an empty list does not restrict, an exclusion beats an inclusion. */
export interface LineFilter {
  readonly includeCategories: readonly string[];
  readonly excludeCategories: readonly string[];
}

/** A published earning rule. All rules in force add up. */
export interface EarningRule {
  readonly name: string;
  readonly active: boolean;
  /** `purchase` points carry deferred revenue, `non_purchase` points none. */
  readonly origin: LotOrigin;
  readonly basis: Basis;
  readonly amount: PerSpend | BasketBonus;
  readonly lines: LineFilter;
  /** Overrides the programme's. */
  readonly expiry: ExpiryPolicy | null;
  /** Exclusive, RFC 3339 in UTC with milliseconds, so that it compares as text; null runs on. */
  readonly endsAt: string | null;
}
