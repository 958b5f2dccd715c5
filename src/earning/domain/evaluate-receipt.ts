import { applyCaps, type CapInput } from './apply-caps.js';
import { assessAll } from './assess-all.js';
import type { EvaluationInput } from './assess-rule.js';
import type { RuleResult } from './assessed.js';
import type { RuleInForce } from './rule-in-force.js';

/** Evaluates rules for a receipt in the order given: what each comes to by itself, then the caps of all. */
export function evaluateReceipt(
  rules: readonly RuleInForce[],
  input: EvaluationInput,
  caps: CapInput,
): readonly (RuleInForce & RuleResult)[] {
  return applyCaps(rules, assessAll(rules, input), caps);
}
