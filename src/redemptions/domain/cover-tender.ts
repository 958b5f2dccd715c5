import { divideCeil, toSafeNumber } from '../../kernel/division.js';
import type { Points } from '../../kernel/points.js';
import type { RedemptionFacts } from './redemption-facts.js';
import { discountStillGivenMinor } from './reversal.js';

/** What a receipt takes of one of its redemptions. */
export interface RedemptionUse {
  readonly redemption: RedemptionFacts;
  /** 0 where nothing of a hold is needed. */
  readonly points: Points;
  /** What these points take off the basket, minor units. */
  readonly discountMinor: number;
}

/**
 * Takes the fewest points that cover a receipt's points tender; without one the redemptions are used whole, for
 * their discount is off the lines already. Rewards are indivisible, and what is captured is used: they count
 * whole. Points on hold cover the rest, those that give most first, and of equals those that are named first; the
 * last hold gives no more money than is missing.
 * @param tenderedMinor minor units; null without a tender, 0 where one says that nothing was paid so. Where the redemptions give less, all of them are taken.
 * @returns one use for each redemption, in the order given.
 */
export function coverTender(
  redemptions: readonly RedemptionFacts[],
  tenderedMinor: number | null,
): readonly RedemptionUse[] {
  if (tenderedMinor === null) return redemptions.map(whole);
  const fixed = redemptions.filter((redemption) => !isDivisible(redemption));
  const fixedMinor = fixed.reduce((sum, redemption) => sum + discountStillGivenMinor(redemption), 0);
  const uses = new Map(fixed.map((redemption) => [redemption, whole(redemption)]));
  let missingMinor = Math.max(0, tenderedMinor - fixedMinor);
  for (const redemption of redemptions.filter(isDivisible).sort(byMoneyOfAPoint)) {
    const use = partOf(redemption, missingMinor);
    uses.set(redemption, use);
    missingMinor -= use.discountMinor;
  }
  return redemptions.map((redemption) => uses.get(redemption) as RedemptionUse);
}

/** Points on hold can be taken in part: what they give is in proportion. */
function isDivisible({ status, reward }: RedemptionFacts): boolean {
  return status === 'authorised' && reward === null;
}

function whole(redemption: RedemptionFacts): RedemptionUse {
  return { redemption, points: redemption.points, discountMinor: redemption.discountMinor };
}

function partOf(redemption: RedemptionFacts, missingMinor: number): RedemptionUse {
  const { points: held, discountMinor } = redemption;
  if (missingMinor === 0) return { redemption, points: 0, discountMinor: 0 };
  if (missingMinor >= discountMinor) return whole(redemption);
  const points = divideCeil(BigInt(missingMinor) * BigInt(held), BigInt(discountMinor));
  return { redemption, points: toSafeNumber(points), discountMinor: missingMinor };
}

/** Negative where a point of `a` gives more. */
function byMoneyOfAPoint(a: RedemptionFacts, b: RedemptionFacts): number {
  const difference = BigInt(b.discountMinor) * BigInt(a.points) - BigInt(a.discountMinor) * BigInt(b.points);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}
