import { whole } from '../../kernel/rational.js';
import { applyCaps, type CapInput } from './apply-caps.js';
import { multiplierFor } from './factors.js';
import { pointsOf, skippedAsEver, type Assessed, type RuleResult } from './assessed.js';
import { tablePoints } from './raw-figure.js';
import { isSkipped, preconditions, type RuleSetting } from './preconditions.js';
import type { RuleAmount } from './rule-amount.js';
import type { RuleInForce } from './rule-in-force.js';

/**
 * Evaluates rules whose trigger is not a receipt, in the order given: whether the rule runs, the member is active and
 * the condition holds; then its amount with its factors, rounded once, and the caps of all.
 * @param rules those of the occasion's trigger only.
 */
export function evaluateOccasion(
  rules: readonly RuleInForce[],
  input: RuleSetting,
  caps: CapInput,
): readonly (RuleInForce & RuleResult)[] {
  const assessed = rules.map((inForce) => assessOccasion(inForce, input));
  return applyCaps(rules, assessed, caps);
}

function assessOccasion({ ref, rule }: RuleInForce, input: RuleSetting): Assessed {
  const held = preconditions(rule, ref, input);
  if (isSkipped(held)) return held;
  const { tier } = input;
  const amount = amountWithoutBasket(rule.amount, tier);
  if (amount === 0) return skippedAsEver(rule, ref, 'tierWithout');
  const raw = whole(BigInt(amount));
  const multiplier = multiplierFor(rule, tier);
  const points = pointsOf(rule, raw, multiplier);
  const condition = held.met();
  return { ref, rule, lines: [], weights: [], basisMinor: 0, raw, multiplier, points, tier, condition };
}

/** Points of an amount that needs no basket; no other one is published for an occasion. */
function amountWithoutBasket(amount: RuleAmount, tier: string | null): number {
  if (amount.type === 'fixed') return amount.points;
  return amount.type === 'tierTable' ? tablePoints(amount, tier) : 0;
}
