import type { Rational } from '../../kernel/decimal.js';
import { divideHalfUp, toSafeNumber } from '../../kernel/division.js';

/**
 * The tax contained in a tax-inclusive amount, in minor units: amount x rate / (1 + rate), rounded half up.
 * A rate of 0.05 in 105.00 is 5.00.
 */
export function taxWithin(amountMinor: number, rate: Rational): number {
  return toSafeNumber(divideHalfUp(BigInt(amountMinor) * rate.numerator, rate.denominator + rate.numerator));
}
