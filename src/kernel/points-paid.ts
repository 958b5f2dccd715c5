import { divideHalfUp, splitByLargestRemainder, toSafeNumber } from './division.js';
import type { PurchaseFacts, PurchaseLine } from './domain-events.js';

/** The tender that stands for what was paid with points; the lines are then as they were before it. */
const POINTS_TENDER = 'points';

/** Minor units that the points tenders of a receipt say, all together. */
export function pointsTenderedMinor(tenders: PurchaseFacts['tenders']): number {
  let tendered = 0;
  for (const { type, amountMinor } of tenders) if (type === POINTS_TENDER) tendered += amountMinor;
  return tendered;
}

/**
 * Minor units of a receipt that were paid with points. Points tenders above the basket are refused today; of
 * receipts from before no more counts than the lines come to.
 */
export function pointsPaidMinor({ lines, tenders }: Pick<PurchaseFacts, 'lines' | 'tenders'>): number {
  return Math.min(pointsTenderedMinor(tenders), sum(lines.map(({ amountMinor }) => amountMinor)));
}

/**
 * The lines as far as they were paid with money. The points-paid amount is spread over all lines by largest
 * remainder on their amounts; what is left of a line keeps its tax rate:
 * `amount' = amount - part`, `tax' = HU(tax x amount' / amount)`.
 * @param pointsPaid minor units, from 0 to what the lines come to.
 * @throws RangeError for a negative amount.
 */
export function paidLines(lines: readonly PurchaseLine[], pointsPaid: number): readonly PurchaseLine[] {
  if (pointsPaid === 0) return lines;
  const weights = lines.map(({ amountMinor }) => BigInt(amountMinor));
  const parts = splitByLargestRemainder(BigInt(pointsPaid), weights);
  return lines.map((line, index) => {
    if (line.amountMinor === 0) return line;
    const whole = BigInt(line.amountMinor);
    const left = whole - (parts[index] ?? 0n);
    const tax = divideHalfUp(BigInt(line.taxMinor) * left, whole);
    return { ...line, amountMinor: toSafeNumber(left), taxMinor: toSafeNumber(tax) };
  });
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((a, b) => a + b, 0);
}
