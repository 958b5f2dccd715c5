import { formatScaled, parseDecimal } from '../../kernel/decimal.js';
import type { EarningRule } from './earning-rule.js';
import { tierFactors } from './rule-amount.js';

/** The factors of a rule for a member of a tier as one decimal; null when there is none. */
export function multiplierFor({ amount, multiplier }: EarningRule, tier: string | null): string | null {
  if (amount.type === 'multiplierOnBase') return product(lessOne(amount.factor), multiplier ?? '1');
  const factors = tierFactors(amount);
  const byTier = tier !== null && Object.hasOwn(factors, tier) ? (factors[tier] ?? null) : null;
  return multiplier === null || byTier === null ? (multiplier ?? byTier) : product(multiplier, byTier);
}

/** Two decimals multiplied exactly, without trailing zeros. */
function product(a: string, b: string): string {
  const [x, y] = [parseDecimal(a), parseDecimal(b)];
  return textOf(x.numerator * y.numerator, x.denominator * y.denominator);
}

/** What a multiple of the base adds to it. */
function lessOne(factor: string): string {
  const { numerator, denominator } = parseDecimal(factor);
  return textOf(numerator - denominator, denominator);
}

/** @param scale a power of ten. */
function textOf(units: bigint, scale: bigint): string {
  const text = formatScaled(units, scale.toString().length - 1);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
