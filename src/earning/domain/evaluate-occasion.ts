import { whole } from '../../kernel/rational.js';
import { applyCaps, type CapInput } from './apply-caps.js';
import { multiplierFor } from './factors.js';
import type { EvaluationInput } from './assess-rule.js';
import {
  isRunning,
  pointsOf,
  skippedAsEver,
  WHY_NOT,
  whyNotRunning,
  type Assessed,
  type RuleResult,
} from './assessed.js';
import { tablePoints } from './raw-figure.js';
import { hasConditions, NO_CONDITIONS } from './rule-conditions.js';
import type { RuleAmount } from './rule-amount.js';
import type { RuleInForce } from './rule-in-force.js';
import type { RuleTrace } from './rule-trace.js';
import { traceOf } from './stored-trace.js';

/** What a rule without a basket is evaluated over: an activity, a date of the member, a promotion. */
export type OccasionInput = Omit<EvaluationInput, 'basket'>;

/**
 * Evaluates rules whose trigger is not a receipt, in the order given: whether the rule runs, the member is active and
 * the condition holds; then its amount with its factors, rounded once, and the caps of all.
 * @param rules those of the occasion's trigger only.
 */
export function evaluateOccasion(
  rules: readonly RuleInForce[],
  input: OccasionInput,
  caps: CapInput,
): readonly (RuleInForce & RuleResult)[] {
  const assessed = rules.map((inForce) => assessOccasion(inForce, input));
  return applyCaps(rules, assessed, caps);
}

function assessOccasion({ ref, rule }: RuleInForce, input: OccasionInput): Assessed {
  const skipped = (why: RuleTrace['why'], fields: Partial<RuleTrace> = {}): RuleResult => ({
    trace: traceOf(rule, ref, why, fields),
    lines: [],
  });
  const { tier } = input;
  if (!isRunning(rule, input.occurredAt)) return skippedAsEver(rule, ref, whyNotRunning(rule));
  if (rule.schedule && input.inSchedule?.(rule) === false) return skippedAsEver(rule, ref, 'outOfSchedule');
  if (!input.memberActive) return skippedAsEver(rule, ref, 'memberNotActive');
  if (rule.campaign !== undefined && input.registeredFor?.(rule) === false)
    return skippedAsEver(rule, ref, 'notRegistered');
  const conditions = hasConditions(rule) ? input.conditionsOf(rule) : NO_CONDITIONS;
  const met = conditions.receipt?.() ?? null;
  if (met !== null && met.outcome !== 'true') return skipped(WHY_NOT[met.outcome], { condition: met.trace });
  const amount = amountWithoutBasket(rule.amount, tier);
  if (amount === 0) return skippedAsEver(rule, ref, 'tierWithout');
  const raw = whole(BigInt(amount));
  const multiplier = multiplierFor(rule, tier);
  const points = pointsOf(rule, raw, multiplier);
  const condition = conditions.met();
  return { ref, rule, lines: [], weights: [], basisMinor: 0, raw, multiplier, points, tier, condition };
}

/** Points of an amount that needs no basket; no other one is published for an occasion. */
function amountWithoutBasket(amount: RuleAmount, tier: string | null): number {
  if (amount.type === 'fixed') return amount.points;
  return amount.type === 'tierTable' ? tablePoints(amount, tier) : 0;
}
