import type { LotPoints } from '../../kernel/domain-events.js';
import { divideHalfUp, toSafeNumber } from '../../kernel/division.js';
import type { Points } from '../../kernel/points.js';
import type { RedemptionFacts } from './redemption-facts.js';

/** A redemption after points came back, and the lots they go back to. */
export interface Reversal {
  readonly redemption: RedemptionFacts;
  readonly lots: readonly LotPoints[];
}

/** Points of a captured redemption that are still used. */
export function pointsStillUsed({ points, reversedPoints }: RedemptionFacts): Points {
  return points - reversedPoints;
}

/**
 * Gives used points back to their lots, the last taken first: what stays used is what would have been used for so
 * many points from the beginning. The caller must have checked that the redemption may be reversed.
 * @param points from 1 to what is still used.
 * @throws RangeError for any other number.
 */
export function planReversal(redemption: RedemptionFacts, points: Points): Reversal {
  if (!Number.isSafeInteger(points) || points < 1 || points > pointsStillUsed(redemption)) {
    throw new RangeError(`cannot give back ${points} of ${pointsStillUsed(redemption)} points`);
  }
  const reversedPoints = redemption.reversedPoints + points;
  const status = reversedPoints === redemption.points ? 'reversed' : redemption.status;
  return {
    redemption: { ...redemption, status, reversedPoints },
    lots: givenBack(redemption.lots, redemption.reversedPoints, points),
  };
}

/**
 * The discount that goes with the points given back so far, minor units, half up on the sum of all reversals so
 * that any split of them ends at the whole discount.
 */
export function reversedDiscountMinor({ discountMinor, points, reversedPoints }: RedemptionFacts): number {
  return toSafeNumber(divideHalfUp(BigInt(discountMinor) * BigInt(reversedPoints), BigInt(points)));
}

/** What of the discount goes with the points that are still used, minor units. */
export function discountStillGivenMinor(redemption: RedemptionFacts): number {
  return redemption.discountMinor - reversedDiscountMinor(redemption);
}

/** What of the discount goes with the last `points` given back of a redemption as it is after. */
export function discountGivenBackMinor(after: RedemptionFacts, points: Points): number {
  const before = { ...after, reversedPoints: after.reversedPoints - points };
  return reversedDiscountMinor(after) - reversedDiscountMinor(before);
}

/** Counted from the last lot: skips `already` points and takes the next `points`. */
function givenBack(taken: readonly LotPoints[], already: Points, points: Points): readonly LotPoints[] {
  const lots: LotPoints[] = [];
  let skip = already;
  let left = points;
  for (const { lotId, points: used } of [...taken].reverse()) {
    const skipped = Math.min(skip, used);
    const part = Math.min(left, used - skipped);
    if (part > 0) lots.push({ lotId, points: part });
    skip -= skipped;
    left -= part;
  }
  return lots;
}
