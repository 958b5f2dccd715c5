import { parseDecimal } from '../../kernel/decimal.js';
import { multiplyDivideFloor } from '../../kernel/division.js';
import type { PurchaseFacts } from '../../kernel/domain-events.js';
import type { Points } from '../../kernel/points.js';
import { ownMinor, tenderedMinor } from '../../kernel/points-paid.js';
import type { RedemptionUse } from './cover-tender.js';
import { discountStillGivenMinor, pointsStillUsed } from './reversal.js';

/** How much points may take off one basket; null is no limit. */
export interface PointsLimits {
  readonly maximumPoints: Points | null;
  readonly maximumMinor: number | null;
  /** Decimal string from 0 to 1. */
  readonly maximumShare: string | null;
}

/** Points that are taken off a basket. */
export interface PointsUse {
  readonly points: Points;
  readonly discountMinor: number;
  /** What the basket comes to before points, minor units; null where the request does not say. */
  readonly basketMinor: number | null;
}

/** A limit that is exceeded, with the figures a till shows. */
export interface LimitExceeded {
  readonly code: 'ABOVE_MAXIMUM_POINTS' | 'ABOVE_MAXIMUM_DISCOUNT' | 'ABOVE_MAXIMUM_SHARE';
  readonly detail: string;
  readonly meta: Readonly<Record<string, number | string>>;
}

/** The first limit that a use of points exceeds, in points, in money, in share of the basket; null when none is. */
export function exceededLimit(limits: PointsLimits, use: PointsUse): LimitExceeded | null {
  const { maximumPoints, maximumMinor, maximumShare } = limits;
  const { points, discountMinor, basketMinor } = use;
  if (maximumPoints !== null && points > maximumPoints) {
    const detail = `At most ${maximumPoints} points are taken off a basket.`;
    return { code: 'ABOVE_MAXIMUM_POINTS', detail, meta: { maximumPoints, asked: points } };
  }
  if (maximumMinor !== null && discountMinor > maximumMinor) {
    const detail = `At most ${maximumMinor} minor units are taken off a basket for points.`;
    return { code: 'ABOVE_MAXIMUM_DISCOUNT', detail, meta: { maximumMinor, asked: discountMinor } };
  }
  if (maximumShare === null || basketMinor === null) return null;
  const { numerator, denominator } = parseDecimal(maximumShare);
  const mostMinor = multiplyDivideFloor(basketMinor, numerator, denominator);
  if (discountMinor <= mostMinor) return null;
  const detail = `Points pay for at most ${maximumShare} of a basket, ${mostMinor} minor units of ${basketMinor}.`;
  const meta = { maximumShare, maximumMinor: mostMinor, basketMinor, asked: discountMinor };
  return { code: 'ABOVE_MAXIMUM_SHARE', detail, meta };
}

/** What a receipt's redemptions take off it, and what it says was paid with points, minor units. */
export interface PointsOnReceipt {
  /** Of all redemptions, rewards included. */
  readonly discountMinor: number;
  readonly tenderedMinor: number;
  /** What the lines of our own goods come to: points pay for no others. */
  readonly goodsMinor: number;
  /** Points off the basket alone: a reward of the catalogue has a price of its own and no limits. */
  readonly offBasket: PointsUse;
}

/**
 * Adds up what a receipt uses of its redemptions, less what came back of them. Where points are a tender the lines
 * are as they were before it; else the discount is off the lines already.
 */
export function pointsOnReceipt(
  { lines, tenders }: Pick<PurchaseFacts, 'lines' | 'tenders'>,
  uses: readonly RedemptionUse[],
): PointsOnReceipt {
  const used = uses
    .filter(({ points }) => points > 0)
    .map(({ redemption, points, discountMinor }) => ({ ...redemption, points, discountMinor }));
  const offBasket = used.filter(({ reward }) => reward === null);
  const tendered = tenderedMinor(tenders, 'points');
  const linesMinor = sum(lines, ({ amountMinor }) => amountMinor);
  const discountMinor = sum(offBasket, discountStillGivenMinor);
  return {
    discountMinor: sum(used, discountStillGivenMinor),
    tenderedMinor: tendered,
    goodsMinor: ownMinor(lines),
    offBasket: {
      points: sum(offBasket, pointsStillUsed),
      discountMinor,
      basketMinor: tendered > 0 ? linesMinor : linesMinor + discountMinor,
    },
  };
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
