import type { Rational } from '../../kernel/decimal.js';
import type { PurchaseLine } from '../../kernel/domain-events.js';
import { paidLines } from '../../kernel/points-paid.js';

/** Lines with the money that counts, and how much of the receipt that money is. */
export interface BasketPart {
  readonly lines: readonly PurchaseLine[];
  readonly share: Rational;
}

/** A receipt as rules see it. */
export interface Basket {
  readonly whole: BasketPart;
  /** What was not paid with points. */
  readonly paid: BasketPart;
}

const ONE: Rational = { numerator: 1n, denominator: 1n };

/** @param pointsPaid minor units, from 0 to what the lines come to. */
export function basketOf(lines: readonly PurchaseLine[], pointsPaid = 0): Basket {
  const whole = { lines, share: ONE };
  if (pointsPaid === 0) return { whole, paid: whole };
  const total = lines.reduce((sum, { amountMinor }) => sum + BigInt(amountMinor), 0n);
  const share = { numerator: total - BigInt(pointsPaid), denominator: total };
  return { whole, paid: { lines: paidLines(lines, pointsPaid), share } };
}
