import { parseDecimal, type Rational } from '../../kernel/decimal.js';
import { divideFloor } from '../../kernel/division.js';
import type { PurchaseLine } from '../../kernel/domain-events.js';
import { plus, times, whole } from '../../kernel/rational.js';
import type { MarginShare } from './rule-amount.js';

/** The margin of a line as far as it counts, and the same in millionths of a minor unit, rounded down. */
export interface LineMargin {
  readonly margin: Rational;
  readonly weight: bigint;
}

const NOTHING: LineMargin = { margin: whole(0n), weight: 0n };
const MILLIONTHS = 1_000_000n;

/**
 * The margin of a line in minor units: of a line of which only a part of the money counts, or of which something came
 * back, that part of it.
 * @param sold the lines as they were sold.
 */
export function marginOf(
  { attribute }: MarginShare,
  { lineNo, amountMinor, attributes }: PurchaseLine,
  sold: readonly PurchaseLine[],
): LineMargin {
  const value = Object.hasOwn(attributes, attribute) ? attributes[attribute] : undefined;
  const whole = sold.find((line) => line.lineNo === lineNo)?.amountMinor ?? 0;
  if (!isMargin(value) || whole === 0) return NOTHING;
  const margin = { numerator: BigInt(value) * BigInt(amountMinor), denominator: BigInt(whole) };
  return { margin, weight: divideFloor(margin.numerator * MILLIONTHS, margin.denominator) };
}

/** Whole minor units above 0, as a number or as digits. */
function isMargin(value: unknown): value is number | string {
  if (typeof value === 'string') return /^\d{1,15}$/.test(value);
  return Number.isSafeInteger(value) && (value as number) > 0;
}

/** `sum of margins x share / minorPerPoint`, exact. */
export function marginPoints(
  { share, minorPerPoint }: MarginShare,
  margins: readonly LineMargin[],
): Rational {
  const total = margins.reduce((sum, { margin }) => plus(sum, margin), whole(0n));
  return times(times(total, parseDecimal(share)), { numerator: 1n, denominator: BigInt(minorPerPoint) });
}
