import type { LineRevenue, LotOrigin } from '../../kernel/domain-events.js';
import type { ExpiryPolicy } from '../../kernel/expiry-policy.js';
import type { PendingPolicy } from '../../kernel/pending-policy.js';
import type { Points } from '../../kernel/points.js';
import type { RuleSchedule } from './rule-schedule.js';
import type { RuleTrigger } from './rule-trigger.js';

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

/**
 * `points` for each full `perQuantity` of the matching lines together: pieces, kilograms, litres. What was given
 * for a reward does not count, nor does a line that cost nothing.
 */
export interface PerUnit {
  readonly type: 'perUnit';
  readonly points: Points;
  /** Decimal string above 0. */
  readonly perQuantity: string;
  readonly tierMultipliers: Readonly<Record<string, string>>;
}

/** `points` once, when the matching lines together reach `minimumMinor`. */
export interface BasketBonus {
  readonly type: 'basketBonus';
  readonly points: Points;
  readonly minimumMinor: number;
}

/** `points` once, whatever for: of a receipt, when lines match. */
export interface FixedPoints {
  readonly type: 'fixed';
  readonly points: Points;
}

/**
 * Which lines a rule looks at; an empty list does not restrict, an exclusion beats an inclusion. Lines that are no
 * revenue earn only where the rule names them: by their category, or by `none` in `revenue`.
 */
export interface LineFilter {
  readonly includeCategories: readonly string[];
  readonly excludeCategories: readonly string[];
  /** What lines are to us; absent in versions published before it existed. */
  readonly revenue?: readonly LineRevenue[];
  /** A condition on each line, in the language of conditions; absent where there is none. */
  readonly condition?: string;
}

/** Over what a limit counts: one receipt, a calendar period of the programme's zone, or for ever. */
export type LimitPeriod = 'purchase' | 'day' | 'week' | 'month' | 'quarter' | 'year' | 'total';

/** The most a rule gives a member in a period; at least one of the two is set. */
export interface RuleLimit {
  readonly period: LimitPeriod;
  readonly points: Points | null;
  /** Receipts that get points; null for `purchase`. */
  readonly times: number | null;
}

/** A published earning rule. All rules in force add up. */
export interface EarningRule {
  readonly name: string;
  readonly active: boolean;
  /** What makes the rule be looked at; absent: a receipt. */
  readonly trigger?: RuleTrigger;
  /** `purchase` points carry deferred revenue, `non_purchase` points none. */
  readonly origin: LotOrigin;
  /** What must hold of the receipt, in the language of conditions; null for any receipt. */
  readonly condition: string | null;
  readonly basis: Basis;
  readonly amount: PerSpend | PerUnit | BasketBonus | FixedPoints;
  /** Decimal factor on whatever the amount gives; null is 1. */
  readonly multiplier: string | null;
  readonly lines: LineFilter;
  /** Whether the part of a receipt that was paid with points earns like the rest. */
  readonly earnOnPointsPaid: boolean;
  readonly limits: readonly RuleLimit[];
  /** Overrides the tier's and the programme's. */
  readonly expiry: ExpiryPolicy | null;
  /** Overrides the programme's. */
  readonly pending: PendingPolicy | null;
  /** When it gives points; absent for always. */
  readonly schedule?: RuleSchedule;
  /** Exclusive, RFC 3339 in UTC with milliseconds, so that it compares as text; null runs on. */
  readonly endsAt: string | null;
  /** Whether it is paused at the instant that it is looked at for; no part of what is published. */
  readonly paused?: boolean;
}
