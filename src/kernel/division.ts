/**
 * The only place where points or money are divided. Every division names its rounding; all of it is exact
 * integer arithmetic. `domain/` folders may not use `/` themselves (lint enforces it).
 */

/** n / d rounded half away from zero ("HU" in docs/accounting.md). @throws RangeError when d <= 0. */
export function divideHalfUp(n: bigint, d: bigint): bigint {
  requirePositive(d);
  return n >= 0n ? (2n * n + d) / (2n * d) : -((2n * -n + d) / (2n * d));
}

/** n / d rounded towards minus infinity. @throws RangeError when d <= 0. */
export function divideFloor(n: bigint, d: bigint): bigint {
  requirePositive(d);
  const quotient = n / d;
  return n < 0n && quotient * d !== n ? quotient - 1n : quotient;
}

/** n / d rounded towards plus infinity. @throws RangeError when d <= 0. */
export function divideCeil(n: bigint, d: bigint): bigint {
  return -divideFloor(-n, d);
}

/** a x n / d rounded down, exactly, for whole non-negative numbers. @throws RangeError beyond 2^53 - 1. */
export function multiplyDivideFloor(a: number, n: bigint, d: bigint): number {
  return toSafeNumber(divideFloor(BigInt(a) * n, d));
}

/** Whole number as `number`. @throws RangeError beyond 2^53 - 1, where a `number` would lose units. */
export function toSafeNumber(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new RangeError(`${value} is beyond 2^53 - 1`);
  return number;
}

/**
 * Splits `total` over `weights` by largest remainder (Hamilton's method): the parts are whole, add up to
 * `total` exactly, and each differs from its exact share by less than one. Ties go to the lower index.
 * All-zero weights split as if they were equal, so that nothing is ever lost.
 * @throws RangeError for a negative total or weight, or when there is no weight at all and total > 0.
 */
export function splitByLargestRemainder(total: bigint, weights: readonly bigint[]): bigint[] {
  if (total < 0n || weights.some((weight) => weight < 0n)) throw new RangeError('negative total or weight');
  if (weights.length === 0) {
    if (total > 0n) throw new RangeError('nothing to split over');
    return [];
  }
  const sum = weights.reduce((a, b) => a + b, 0n);
  if (sum === 0n)
    return splitByLargestRemainder(
      total,
      weights.map(() => 1n),
    );
  const parts = weights.map((weight) => (total * weight) / sum);
  const remainders = weights.map((weight, index) => ({ index, remainder: (total * weight) % sum }));
  let left = total - parts.reduce((a, b) => a + b, 0n);
  remainders.sort((a, b) =>
    a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1,
  );
  for (const { index } of remainders) {
    if (left === 0n) break;
    parts[index] = (parts[index] ?? 0n) + 1n;
    left -= 1n;
  }
  return parts;
}

function requirePositive(d: bigint): void {
  if (d <= 0n) throw new RangeError('divisor must be positive');
}
