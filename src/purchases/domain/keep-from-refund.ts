import { parseDecimal, type Rational } from '../../kernel/decimal.js';
import { divideFloor, divideHalfUp, toSafeNumber } from '../../kernel/division.js';
import { subLedgerUnitsPerMajor, subLedgerUnitsPerMinor } from '../../kernel/money.js';
import type { Points } from '../../kernel/points.js';

/** What a point is worth in money: what it takes off a basket in minor units, or a decimal of major units. */
export type PointWorth = { readonly minorPerPoint: number } | { readonly valuePerPoint: string };

/** What a refund pays for of spent points. */
export interface KeptFromRefund {
  /** Kept back, minor units, half up. */
  readonly minor: number;
  /** Whole points that it pays for. */
  readonly points: Points;
}

/**
 * Keeps money back of a refund for points that were spent: for as many whole points as it pays for, and no more than
 * they are worth. A point that is worth nothing cannot be paid for.
 * @param currency ISO 4217, whose minor unit it is.
 */
export function keepFromRefund(
  points: Points,
  worth: PointWorth,
  refundMinor: number,
  currency: string,
): KeptFromRefund {
  const { numerator, denominator } = minorOfAPoint(worth, currency);
  if (numerator === 0n) return { minor: 0, points: 0 };
  const payable = divideFloor(BigInt(refundMinor) * denominator, numerator);
  const paid = payable < BigInt(points) ? payable : BigInt(points);
  const minor = divideHalfUp(paid * numerator, denominator);
  return { minor: toSafeNumber(minor), points: toSafeNumber(paid) };
}

function minorOfAPoint(worth: PointWorth, currency: string): Rational {
  if ('minorPerPoint' in worth) return { numerator: BigInt(worth.minorPerPoint), denominator: 1n };
  const { numerator, denominator } = parseDecimal(worth.valuePerPoint);
  return {
    numerator: numerator * subLedgerUnitsPerMajor(currency),
    denominator: denominator * subLedgerUnitsPerMinor(),
  };
}
