import { multipliedPoints, multiplierFor } from './amount.js';
import {
  isRunning,
  skippedAsEver,
  WHY_NOT,
  whyNotRunning,
  type EvaluationInput,
  type RuleResult,
} from './evaluate.js';
import type { CapInput, RuleInForce } from './evaluate-receipt.js';
import { lowestCeiling } from './limits.js';
import { hasConditions, NO_CONDITIONS } from './rule-conditions.js';
import type { RuleTrace } from './rule-trace.js';
import { traceOf } from './stored-trace.js';

/** What a rule without a basket is evaluated over: an activity, a date of the member, a promotion. */
export type OccasionInput = Omit<EvaluationInput, 'basket'>;

/**
 * Evaluates rules whose trigger is not a receipt, in the order given: whether the rule runs, the member is active and
 * the condition holds; then the fixed amount with its factors, rounded down once, and the caps. Each rule finds the
 * headroom that the rules before it left.
 * @param rules those of the occasion's trigger only.
 */
export function evaluateOccasion(
  rules: readonly RuleInForce[],
  input: OccasionInput,
  { day, counters, headroom }: CapInput,
): readonly (RuleInForce & RuleResult)[] {
  let left = headroom;
  return rules.map((inForce) => {
    const result = evaluated(inForce, input, { day, counters, headroom: left });
    if (left !== null) left -= result.trace.points;
    return { ...inForce, ...result };
  });
}

function evaluated(
  { ref, rule }: RuleInForce,
  input: OccasionInput,
  { day, counters, headroom }: CapInput,
): RuleResult {
  const result = (why: RuleTrace['why'], fields: Partial<RuleTrace>): RuleResult => ({
    trace: traceOf(rule, ref, why, fields),
    lines: [],
  });
  if (!isRunning(rule, input.occurredAt)) return skippedAsEver(rule, ref, whyNotRunning(rule));
  if (rule.schedule && input.inSchedule?.(rule) === false) return skippedAsEver(rule, ref, 'outOfSchedule');
  if (!input.memberActive) return skippedAsEver(rule, ref, 'memberNotActive');
  const conditions = hasConditions(rule) ? input.conditionsOf(rule) : NO_CONDITIONS;
  const met = conditions.receipt?.() ?? null;
  if (met !== null && met.outcome !== 'true') return result(WHY_NOT[met.outcome], { condition: met.trace });
  const multiplier = multiplierFor(rule, input.tier);
  const points = multipliedPoints(rule.amount.points, multiplier);
  if (points === 0) return result('roundedToNothing', { multiplier });
  const ceiling = lowestCeiling(rule, { counters, ruleId: ref.id, day }, headroom);
  const limited = ceiling !== null && ceiling.points < points ? ceiling : null;
  const given = limited?.points ?? points;
  const fields = {
    points: given,
    multiplier,
    limitedBy: limited?.limitedBy ?? null,
    condition: conditions.met(),
  };
  return result(given === 0 ? 'limitReached' : 'matched', fields);
}
