import type { Rational } from '../../kernel/decimal.js';
import type { PurchaseLine } from '../../kernel/domain-events.js';
import { ownMinor, paidLines } from '../../kernel/points-paid.js';

/** Lines with the money that counts, and how much of our own goods that money is. */
export interface BasketPart {
  readonly lines: readonly PurchaseLine[];
  readonly share: Rational;
}

/** A receipt as rules see it: less what coupons paid. */
export interface Basket {
  readonly whole: BasketPart;
  /** What was not paid with points either. */
  readonly paid: BasketPart;
}

const ONE: Rational = { numerator: 1n, denominator: 1n };

/**
 * @param pointsPaid minor units, from 0 to what our own goods come to.
 * @param couponsPaid minor units that coupons paid; both together are at most what our own goods come to.
 */
export function basketOf(lines: readonly PurchaseLine[], pointsPaid = 0, couponsPaid = 0): Basket {
  const whole = partOf(lines, couponsPaid);
  if (pointsPaid === 0) return { whole, paid: whole };
  return { whole, paid: partOf(lines, couponsPaid + pointsPaid) };
}

function partOf(lines: readonly PurchaseLine[], otherwise: number): BasketPart {
  if (otherwise === 0) return { lines, share: ONE };
  const own = BigInt(ownMinor(lines));
  const share = { numerator: own - BigInt(otherwise), denominator: own };
  return { lines: paidLines(lines, otherwise), share };
}
