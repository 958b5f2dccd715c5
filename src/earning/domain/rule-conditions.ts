import type { ConditionTrace } from '../../kernel/domain-events.js';
import type { EarningRule } from './earning-rule.js';

/** What came of a rule's condition: met, not met, or failed for a fault of its own. */
export interface ConditionResult {
  readonly outcome: 'true' | 'false' | 'failed';
  readonly trace: ConditionTrace;
}

/**
 * The compiled conditions of one rule over one receipt. The language that they are written in is no matter of the
 * rules: what compiles them hands them in.
 */
export interface RuleConditions {
  /** Null for a rule without one. */
  readonly receipt: (() => ConditionResult) | null;
  /** Over the line of a number, at what the line cost before points and coupons; null for a rule without one. */
  readonly line: ((lineNo: number) => ConditionResult) | null;
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
