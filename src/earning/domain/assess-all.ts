import { NO_BASES, type Base, type Bases } from './base-figure.js';
import { assessRule, type EvaluationInput } from './assess-rule.js';
import { isCandidate, type Assessed } from './assessed.js';
import type { RuleInForce } from './rule-in-force.js';

/** The first steps of all rules, in the order given; those that multiply others after them. */
export function assessAll(rules: readonly RuleInForce[], input: EvaluationInput): readonly Assessed[] {
  if (!rules.some(isMultiplier)) return rules.map(({ rule, ref }) => assessRule(rule, ref, input));
  const plain = rules.map((entry) => (isMultiplier(entry) ? null : assessRule(entry.rule, entry.ref, input)));
  const bases = basesOf(plain);
  return rules.map(({ rule, ref }, index) => plain[index] ?? assessRule(rule, ref, input, bases));
}

function isMultiplier({ rule }: RuleInForce): boolean {
  return rule.amount.type === 'multiplierOnBase';
}

function basesOf(assessed: readonly (Assessed | null)[]): Bases {
  const bases = new Map<string, Base>();
  for (const one of assessed) if (one !== null && isCandidate(one)) bases.set(one.ref.id, one);
  return bases.size === 0 ? NO_BASES : bases;
}
