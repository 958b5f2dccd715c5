import { parseDecimal, type Rational } from '../../kernel/decimal.js';
import { toSafeNumber } from '../../kernel/division.js';
import type { LinePoints, PurchaseLine } from '../../kernel/domain-events.js';
import { MAX_POINTS, type Points } from '../../kernel/points.js';
import { rounded, times } from '../../kernel/rational.js';
import { formatInstant, type Instant } from '../../kernel/time.js';
import type { VersionRef } from '../../kernel/version-ref.js';
import type { EarningRule } from './earning-rule.js';
import type { RuleTrace } from './rule-trace.js';
import { traceOf } from './stored-trace.js';

/** What a rule came to in the end. */
export interface RuleResult {
  readonly trace: RuleTrace;
  /** Attribution of the points to lines; empty when the rule gave none. */
  readonly lines: readonly LinePoints[];
}

/** A rule that is met, with its figure before any limit; points of 0 where it rounds to nothing. */
export interface Candidate {
  readonly ref: VersionRef;
  readonly rule: EarningRule;
  readonly lines: readonly PurchaseLine[];
  readonly weights: readonly bigint[];
  readonly basisMinor: number;
  readonly raw: Rational;
  readonly multiplier: string | null;
  /** After factors and rounding. */
  readonly points: Points;
  readonly tier: string | null;
  readonly condition: RuleTrace['condition'];
}

/** Why a rule gives nothing, or what it would give. */
export type Assessed = RuleResult | Candidate;

export function isCandidate(assessed: Assessed): assessed is Candidate {
  return 'raw' in assessed;
}

/** Whether a rule gives points at an instant, whatever for. */
export function isRunning({ active, paused, endsAt }: EarningRule, at: Instant): boolean {
  return active && paused !== true && (endsAt === null || formatInstant(at) < endsAt);
}

/** The factors and the rounding; one more than a receipt may earn stands for all that is more. */
export function pointsOf({ rounding }: EarningRule, raw: Rational, multiplier: string | null): Points {
  const figure = multiplier === null ? raw : times(raw, parseDecimal(multiplier));
  const points = rounded(figure, rounding);
  return points > BigInt(MAX_POINTS) ? MAX_POINTS + 1 : toSafeNumber(points);
}

/** Why a rule whose condition is not met gives nothing. */
export const WHY_NOT = { false: 'conditionFalse', failed: 'conditionFailed' } as const;

/** Why a rule that is not running gives nothing. */
export function whyNotRunning({ active, paused }: EarningRule): RuleTrace['why'] {
  if (!active) return 'inactive';
  return paused === true ? 'paused' : 'ended';
}

/** Results that say no more than why, which is the same each time, by rule. */
const SKIPPED = new WeakMap<EarningRule, Partial<Record<RuleTrace['why'], RuleResult>>>();

/** The result of a rule that says no more than why; one object for all occasions. */
export function skippedAsEver(rule: EarningRule, ref: VersionRef, why: RuleTrace['why']): RuleResult {
  let known = SKIPPED.get(rule);
  if (!known) SKIPPED.set(rule, (known = {}));
  const found = known[why];
  // One body may stand under several names in a test; in a programme each has its own.
  if (found && found.trace.rule.id === ref.id && found.trace.rule.version === ref.version) return found;
  return (known[why] = { trace: traceOf(rule, ref, why, {}), lines: [] });
}
