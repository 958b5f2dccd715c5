import type { Instant } from '../../kernel/time.js';
import type { VersionRef } from '../../kernel/version-ref.js';
import { isRunning, skippedAsEver, WHY_NOT, whyNotRunning, type RuleResult } from './assessed.js';
import type { EarningRule } from './earning-rule.js';
import { hasConditions, NO_CONDITIONS, type ConditionsOf, type RuleConditions } from './rule-conditions.js';
import { traceOf } from './stored-trace.js';

/** What a rule is evaluated over, whatever its trigger. */
export interface RuleSetting {
  /** Tier when it occurred; null without a ladder. */
  readonly tier: string | null;
  readonly occurredAt: Instant;
  readonly memberActive: boolean;
  readonly conditionsOf: ConditionsOf;
  /** Whether a rule's schedule holds the instant; absent where that was evaluated before. */
  readonly inSchedule?: (rule: EarningRule) => boolean;
  /** Whether it counts for the campaign that a rule names; absent where that was evaluated before. */
  readonly registeredFor?: (rule: EarningRule) => boolean;
}

/**
 * What must hold before a rule gives anything, in this order: it runs, its schedule holds, the member is active and
 * registered, and its condition is met (docs/earning.md).
 * @returns the result of a rule that gives nothing; else its conditions, for its lines.
 */
export function preconditions(
  rule: EarningRule,
  ref: VersionRef,
  { occurredAt, memberActive, conditionsOf, inSchedule, registeredFor }: RuleSetting,
): RuleResult | RuleConditions {
  if (!isRunning(rule, occurredAt)) return skippedAsEver(rule, ref, whyNotRunning(rule));
  if (rule.schedule && inSchedule?.(rule) === false) return skippedAsEver(rule, ref, 'outOfSchedule');
  if (!memberActive) return skippedAsEver(rule, ref, 'memberNotActive');
  if (rule.campaign !== undefined && registeredFor?.(rule) === false)
    return skippedAsEver(rule, ref, 'notRegistered');
  const conditions = hasConditions(rule) ? conditionsOf(rule) : NO_CONDITIONS;
  const result = conditions.receipt?.() ?? null;
  if (result === null || result.outcome === 'true') return conditions;
  return { trace: traceOf(rule, ref, WHY_NOT[result.outcome], { condition: result.trace }), lines: [] };
}

/** Whether a rule gives nothing. */
export function isSkipped(held: RuleResult | RuleConditions): held is RuleResult {
  return 'trace' in held;
}
