import type { Rational } from './decimal.js';
import { divideCeil, divideFloor, divideHalfUp } from './division.js';

/** How a fraction becomes a whole number: down, to the nearest with halves up, or up. */
export type RoundingMode = 'floor' | 'halfUp' | 'ceil';

export const ROUNDING_MODES = ['floor', 'halfUp', 'ceil'] as const satisfies readonly RoundingMode[];

const DIVIDE = { floor: divideFloor, halfUp: divideHalfUp, ceil: divideCeil } as const;

/** Decimals that a fraction is written with at most; others are written as `numerator/denominator`. */
const MAX_DIGITS = 12;

/** A whole number as a fraction. */
export function whole(numerator: bigint): Rational {
  return { numerator, denominator: 1n };
}

/** Two fractions multiplied exactly. */
export function times(a: Rational, b: Rational): Rational {
  return { numerator: a.numerator * b.numerator, denominator: a.denominator * b.denominator };
}

/** Two fractions added exactly. */
export function plus(a: Rational, b: Rational): Rational {
  if (a.denominator === b.denominator)
    return { numerator: a.numerator + b.numerator, denominator: a.denominator };
  const numerator = a.numerator * b.denominator + b.numerator * a.denominator;
  return { numerator, denominator: a.denominator * b.denominator };
}

/** A fraction rounded once, to a whole number. */
export function rounded({ numerator, denominator }: Rational, mode: RoundingMode): bigint {
  return denominator === 1n ? numerator : DIVIDE[mode](numerator, denominator);
}

/** A fraction of 0 or more as a text without loss: "10.5" where it is a decimal of at most 12 digits, else "31/3". */
export function rationalText({ numerator, denominator }: Rational): string {
  const common = greatestCommonDivisor(numerator, denominator);
  const [n, d] = [divideFloor(numerator, common), divideFloor(denominator, common)];
  if (d === 1n) return n.toString();
  for (let digits = 1, scale = 10n; digits <= MAX_DIGITS; digits += 1, scale *= 10n) {
    if (scale % d !== 0n) continue;
    const text = (n * divideFloor(scale, d)).toString().padStart(digits + 1, '0');
    return `${text.slice(0, -digits)}.${text.slice(-digits)}`;
  }
  return `${n}/${d}`;
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatestCommonDivisor(b, a % b);
}
