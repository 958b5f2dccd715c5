import type { LineRevenue, LotOrigin } from '../../kernel/domain-events.js';
import type { ExpiryPolicy } from '../../kernel/expiry-policy.js';
import type { PendingPolicy } from '../../kernel/pending-policy.js';
import type { Points } from '../../kernel/points.js';
import type { Gives } from './gives.js';
import type { RuleSchedule } from './rule-schedule.js';
import type { RuleTrigger } from './rule-trigger.js';
import type { RoundingMode } from '../../kernel/rational.js';
import type { CommonWindow } from '../../kernel/window.js';
import type { RuleAmount } from './rule-amount.js';

/** Which money of a line counts: what the customer paid, with or without the tax in it. */
export type Basis = 'gross' | 'net';

/** Which money counts beside the tax; absent parts are as without it. */
export interface CountedMoney {
  /**
   * `before`: lines at their list price where they have one, and what coupons paid counts, too. `after`: what the lines
   * cost less what coupons paid.
   */
  readonly discounts: 'before' | 'after';
  /** Only what was paid with these tenders; empty for all. In lower case, as conditions compare them. */
  readonly onlyTenders: readonly string[];
  /** Only what was not paid with these tenders; one of the two lists is empty. */
  readonly withoutTenders: readonly string[];
}

/**
 * What becomes of several rules of one group that give for one receipt: all of them, the one that gives most, or the
 * first in order.
 */
export interface RuleGroup {
  readonly key: string;
  readonly combine: 'sum' | 'best' | 'first';
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

/** Over what a limit counts: one receipt, a calendar period of the programme's zone, a window, or for ever. */
export type LimitPeriod = 'purchase' | 'day' | 'week' | 'month' | 'quarter' | 'year' | 'total' | 'window';

/** For how many days, that of the receipt included, a rule gives a member no points again; those before it and after. */
export interface CoolDown {
  readonly days: number;
}

/** The most a rule gives a member in a period; at least one of points and times is set. */
export interface RuleLimit {
  readonly period: LimitPeriod;
  /** With the period `window`. */
  readonly window?: CommonWindow;
  readonly points: Points | null;
  /** Receipts that get points; null for `purchase`. */
  readonly times: number | null;
  /** What becomes of points that go beyond it: they are cut, or all points of the receipt are; absent: cut. */
  readonly onExceed?: 'truncate' | 'refuse';
}

/** Which budget a rule's awards draw on, and what becomes of an award that it does not cover whole. */
export interface RuleBudget {
  readonly budgetId: string;
  readonly onExceed: 'truncate' | 'refuse';
}

/** A published earning rule. All rules in force add up, except where groups and exclusive rules say otherwise. */
export interface EarningRule {
  readonly name: string;
  readonly active: boolean;
  /** What makes the rule be looked at; absent: a receipt. */
  readonly trigger?: RuleTrigger;
  /** Points, status points, or as many of each; absent: points. */
  readonly gives?: Gives;
  /** Only for what counts for a campaign, and for members who registered for it; absent: for all. */
  readonly campaign?: string | undefined;
  /** `purchase` points carry deferred revenue, `non_purchase` points none. */
  readonly origin: LotOrigin;
  /** What must hold of the receipt, in the language of conditions; null for any receipt. */
  readonly condition: string | null;
  readonly basis: Basis;
  /** Which money counts beside the tax; null: less coupons, and less points unless `earnOnPointsPaid`. */
  readonly counts: CountedMoney | null;
  readonly amount: RuleAmount;
  /** Decimal factor on whatever the amount gives; null is 1. */
  readonly multiplier: string | null;
  /** How the figure becomes whole points, once, after all factors. */
  readonly rounding: RoundingMode;
  readonly lines: LineFilter;
  /** Whether the part of a receipt that was paid with points earns like the rest. */
  readonly earnOnPointsPaid: boolean;
  readonly limits: readonly RuleLimit[];
  /** Null for a rule that may give points again at once. */
  readonly coolDown: CoolDown | null;
  /** Null for a rule that stands alone. */
  readonly group: RuleGroup | null;
  /** Where it gives, no other rule does; of several that would, the first in order. */
  readonly exclusive: boolean;
  /** From low to high, then by key: who is first in a group, and who finds room under a maximum balance. */
  readonly order: number;
  /** Absent where the rule draws on none, and in versions published before there were budgets. */
  readonly budget?: RuleBudget | undefined;
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
