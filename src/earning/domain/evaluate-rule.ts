import type { VersionRef } from '../../kernel/domain-events.js';
import type { Bases } from './base-figure.js';
import type { EarningRule } from './earning-rule.js';
import { assessRule, type EvaluationInput } from './assess-rule.js';
import { isCandidate, type RuleResult } from './assessed.js';
import type { Ceiling } from './limits.js';
import { settle } from './settle.js';

/**
 * Evaluates one rule by itself for a receipt: points, their attribution to lines, and the trace.
 * @param ceilingOf asked only where the rule gives points.
 */
export function evaluateRule(
  rule: EarningRule,
  ref: VersionRef,
  input: EvaluationInput,
  ceilingOf: () => Ceiling | null = () => null,
  bases?: Bases,
): RuleResult {
  const assessed = assessRule(rule, ref, input, bases);
  if (!isCandidate(assessed)) return assessed;
  const ceiling = assessed.points === 0 ? null : ceilingOf();
  const cap = ceiling !== null && ceiling.points < assessed.points ? ceiling : null;
  const points = cap?.points ?? assessed.points;
  return settle(assessed, { limited: points, points, cap, beaten: null });
}
