import { parseDecimal } from '../../kernel/decimal.js';
import { divideHalfUp } from '../../kernel/division.js';
import { subLedgerUnitsPerMajor, subLedgerUnitsPerMinor } from '../../kernel/money.js';
import type { Points } from '../../kernel/points.js';

/** What a point is worth in money: what it takes off a basket in minor units, or a decimal of major units. */
export type PointWorth = { readonly minorPerPoint: number } | { readonly valuePerPoint: string };

/**
 * Money kept back of a refund for points that were spent, minor units, half up; never more than the refund.
 * @param currency ISO 4217, whose minor unit it is.
 */
export function keepFromRefund(
  points: Points,
  worth: PointWorth,
  refundMinor: number,
  currency: string,
): number {
  const worthMinor = 'minorPerPoint' in worth ? BigInt(worth.minorPerPoint) * BigInt(points) : null;
  const minor = worthMinor ?? ofValue(points, worth as { readonly valuePerPoint: string }, currency);
  return minor < BigInt(refundMinor) ? Number(minor) : refundMinor;
}

function ofValue(
  points: Points,
  { valuePerPoint }: { readonly valuePerPoint: string },
  currency: string,
): bigint {
  const { numerator, denominator } = parseDecimal(valuePerPoint);
  const unitsPerMajor = subLedgerUnitsPerMajor(currency);
  return divideHalfUp(BigInt(points) * numerator * unitsPerMajor, denominator * subLedgerUnitsPerMinor());
}
