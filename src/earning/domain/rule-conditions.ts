import type { EarningRule } from './earning-rule.js';
import type { ConditionTrace } from './rule-trace.js';

/** Met, not met, or failed for a fault of the condition itself. */
export type ConditionOutcome = 'true' | 'false' | 'failed';

/** What came of a rule's condition. */
export interface ConditionResult {
  readonly outcome: ConditionOutcome;
  readonly trace: ConditionTrace;
}

/** A condition on lines, over the line of a number, at what the line cost before points and coupons. */
export interface LineCondition {
  outcome(lineNo: number): ConditionOutcome;
  /** Why the line does not meet it. */
  trace(lineNo: number): ConditionTrace;
}

/**
 * The compiled conditions of one rule over one receipt. The language that they are written in is no matter of the
 * rules: what compiles them hands them in.
 */
export interface RuleConditions {
  /** Null for a rule without one. */
  readonly receipt: (() => ConditionResult) | null;
  /** Null for a rule without one. */
  readonly line: LineCondition | null;
  /** What was read of the member where all conditions are met, for returns of the receipt; undefined for nothing. */
  readonly met: () => ConditionTrace | undefined;
}

/** A rule without conditions. */
export const NO_CONDITIONS: RuleConditions = { receipt: null, line: null, met: () => undefined };

/** The conditions of a rule; asked only of rules that have any. */
export type ConditionsOf = (rule: EarningRule) => RuleConditions;

export function hasConditions({ condition, lines }: EarningRule): boolean {
  return condition !== null || lines.condition !== undefined;
}
