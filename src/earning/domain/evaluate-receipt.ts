import type { VersionRef } from '../../kernel/domain-events.js';
import type { Points } from '../../kernel/points.js';
import type { LocalDate } from '../../kernel/time.js';
import type { EarningCounters } from './counters.js';
import type { EarningRule } from './earning-rule.js';
import { evaluateRule, type EvaluationInput, type RuleResult } from './evaluate.js';
import { lowestCeiling } from './limits.js';

export interface RuleInForce {
  readonly ref: VersionRef;
  readonly rule: EarningRule;
}

/** What the caps of a receipt are counted against. */
export interface CapInput {
  /** The receipt's business day. */
  readonly day: LocalDate;
  readonly counters: EarningCounters;
  /** What may still be added to the balance; null when it has no cap. */
  readonly headroom: Points | null;
}

/** Evaluates rules for a receipt in the order given. Each rule finds the headroom that the rules before it left. */
export function evaluateReceipt(
  rules: readonly RuleInForce[],
  input: EvaluationInput,
  { day, counters, headroom }: CapInput,
): readonly (RuleInForce & RuleResult)[] {
  let left = headroom;
  return rules.map(({ ref, rule }) => {
    const { trace, lines } = evaluateRule(rule, ref, input, () =>
      lowestCeiling(rule, { counters, ruleId: ref.id, day }, left),
    );
    if (left !== null) left -= trace.points;
    return { ref, rule, trace, lines };
  });
}

/** What may be added to a balance under its cap; points that fill a debt are not added to it. */
export function headroomOf(
  maximumBalance: Points | null,
  balance: {
    readonly available: Points;
    readonly pending: Points;
    readonly held: Points;
    readonly debt: Points;
  },
): Points | null {
  if (maximumBalance === null) return null;
  const { available, pending, held, debt } = balance;
  return Math.max(0, maximumBalance - (available + pending + held)) + debt;
}
