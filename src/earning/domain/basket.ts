import type { Rational } from '../../kernel/decimal.js';
import type { PurchaseLine, Tender } from '../../kernel/domain-events.js';
import { ownMinor, paidLines } from '../../kernel/points-paid.js';

/** Lines with the money that counts, and how much of the goods that money is: of our own, and of all others. */
export interface BasketPart {
  readonly lines: readonly PurchaseLine[];
  readonly share: Rational;
  readonly othersShare: Rational;
}

/** A receipt as rules see it: less what coupons paid. */
export interface Basket {
  readonly whole: BasketPart;
  /** What was not paid with points either. */
  readonly paid: BasketPart;
  readonly facts: BasketFacts;
}

/** What rules that count other money work it out from. */
export interface BasketFacts {
  readonly lines: readonly PurchaseLine[];
  readonly pointsPaid: number;
  readonly couponsPaid: number;
  readonly tenders: readonly Tender[];
  /** The lines as they were sold, where something of them came back since; else those above. */
  readonly sold: readonly PurchaseLine[];
}

export const ONE: Rational = { numerator: 1n, denominator: 1n };
const NO_TENDERS: readonly Tender[] = [];

/**
 * @param pointsPaid minor units, from 0 to what our own goods come to.
 * @param couponsPaid minor units that coupons paid; both together are at most what our own goods come to.
 */
export function basketOf(
  lines: readonly PurchaseLine[],
  pointsPaid = 0,
  couponsPaid = 0,
  tenders: readonly Tender[] = NO_TENDERS,
  sold: readonly PurchaseLine[] = lines,
): Basket {
  const facts = { lines, pointsPaid, couponsPaid, tenders, sold };
  const whole = partOf(lines, couponsPaid);
  if (pointsPaid === 0) return { whole, paid: whole, facts };
  return { whole, paid: partOf(lines, couponsPaid + pointsPaid), facts };
}

/** Lines less what was paid otherwise, which is at most what our own goods among them come to. */
export function partOf(lines: readonly PurchaseLine[], otherwise: number): BasketPart {
  if (otherwise === 0) return { lines, share: ONE, othersShare: ONE };
  const own = BigInt(ownMinor(lines));
  const share = { numerator: own - BigInt(otherwise), denominator: own };
  return { lines: paidLines(lines, otherwise), share, othersShare: ONE };
}
