import { formatScaled, parseDecimal, type Rational } from '../../kernel/decimal.js';
import { divideFloor, toSafeNumber } from '../../kernel/division.js';
import type { PurchaseLine } from '../../kernel/domain-events.js';
import { MAX_POINTS, type Points } from '../../kernel/points.js';
import { lineRevenue } from '../../kernel/points-paid.js';
import type { BasketPart } from './basket.js';
import type { EarningRule } from './earning-rule.js';
import type { RuleTrace } from './rule-trace.js';

/** What a rule's amount comes to over the lines that match. */
export interface Grant {
  /** Before any factor. */
  readonly base: bigint;
  /** Before any cap; one more than a receipt may earn stands for all that is more, and the receipt is refused for it. */
  readonly points: Points;
  /** Minor units of the lines that counted. */
  readonly basisMinor: number;
  /** What each line contributed, in the order given; any unit. */
  readonly weights: readonly bigint[];
}

/** Decimals that a line's quantity may have. */
const QUANTITY_DIGITS = 12;
const QUANTITY_UNITS = 10n ** BigInt(QUANTITY_DIGITS);

/**
 * Works out a rule's points: steps or units first, rounded down, then all factors at once, rounded down again.
 * @param part the lines that match, of the money that counts; of the units of our own goods as large a share counts.
 * @param goods the same lines at what they cost before points: one that cost nothing counts no units.
 */
export function grantOf(
  rule: EarningRule,
  part: BasketPart,
  goods: readonly PurchaseLine[],
  multiplier: string | null,
): Grant {
  const money = part.lines.map((line) =>
    BigInt(line.amountMinor - (rule.basis === 'net' ? line.taxMinor : 0)),
  );
  const basis = sum(money);
  const base = basePoints(rule, goods, part.share, basis);
  return {
    base,
    points: multiplied(base, multiplier),
    basisMinor: toSafeNumber(basis),
    weights: rule.amount.type === 'perUnit' ? goods.map(unitsOf) : money,
  };
}

/** Points of a fixed amount after all factors at once, rounded down. @param multiplier decimal; null is 1. */
export function multipliedPoints(points: Points, multiplier: string | null): Points {
  return multiplied(BigInt(points), multiplier);
}

function multiplied(base: bigint, multiplier: string | null): Points {
  const { numerator, denominator } = parseDecimal(multiplier ?? '1');
  return bounded(divideFloor(base * numerator, denominator));
}

/**
 * Whether a basis is certainly too small for any points, found without the arithmetic of the rest: most rules of a
 * large programme are about other receipts.
 */
export function isBelow({ amount }: EarningRule, basisMinor: number): boolean {
  if (amount.type === 'basketBonus') return basisMinor < amount.minimumMinor;
  return amount.type === 'perSpend' && basisMinor < amount.stepMinor;
}

/** Minor units of lines as a rule counts them; a receipt's thousand lines of at most 10^12 each stay exact. */
export function basisOf({ basis }: EarningRule, lines: readonly PurchaseLine[]): number {
  let sum = 0;
  for (const { amountMinor, taxMinor } of lines)
    sum += basis === 'net' ? amountMinor - taxMinor : amountMinor;
  return sum;
}

/** Why a basis that is below what a rule asks for earns nothing. */
export function whyBelow({ amount }: EarningRule): RuleTrace['why'] {
  return amount.type === 'basketBonus' ? 'belowMinimum' : 'belowStep';
}

/** The factors of a rule for a member of a tier as one decimal; null when there is none. */
export function multiplierFor({ amount, multiplier }: EarningRule, tier: string | null): string | null {
  const byTier =
    'tierMultipliers' in amount && tier !== null && Object.hasOwn(amount.tierMultipliers, tier)
      ? (amount.tierMultipliers[tier] ?? null)
      : null;
  return multiplier === null || byTier === null ? (multiplier ?? byTier) : product(multiplier, byTier);
}

/** Why lines that match earn nothing. */
export function whyNothing(rule: EarningRule, { base }: Grant): RuleTrace['why'] {
  return base > 0n ? 'roundedToNothing' : whyBelow(rule);
}

function basePoints(
  { amount }: EarningRule,
  goods: readonly PurchaseLine[],
  share: Rational,
  basis: bigint,
): bigint {
  const points = BigInt(amount.points);
  switch (amount.type) {
    case 'perSpend':
      return points * divideFloor(basis, BigInt(amount.stepMinor));
    case 'perUnit': {
      const step = parseDecimal(amount.perQuantity);
      const own = sum(goods.map((line) => (lineRevenue(line) === 'own' ? unitsOf(line) : 0n)));
      const others = sum(goods.map(unitsOf)) - own;
      const counted = own * share.numerator + others * share.denominator;
      const quantity = counted * step.denominator;
      return points * divideFloor(quantity, QUANTITY_UNITS * share.denominator * step.numerator);
    }
    case 'fixed':
      return points;
    case 'basketBonus':
      return basis >= BigInt(amount.minimumMinor) ? points : 0n;
  }
}

/** A line's quantity less what was given for a reward, in units of 10^-12; nothing where the line cost nothing. */
function unitsOf({ amountMinor, quantity, rewardedQuantity = '0' }: PurchaseLine): bigint {
  if (amountMinor === 0) return 0n;
  return inUnits(quantity) - inUnits(rewardedQuantity);
}

function inUnits(quantity: string): bigint {
  const { numerator, denominator } = parseDecimal(quantity);
  return divideFloor(numerator * QUANTITY_UNITS, denominator);
}

function bounded(points: bigint): Points {
  return points > BigInt(MAX_POINTS) ? MAX_POINTS + 1 : toSafeNumber(points);
}

/** Two decimals multiplied exactly, without trailing zeros. */
function product(a: string, b: string): string {
  const [x, y] = [parseDecimal(a), parseDecimal(b)];
  const digits = (x.denominator * y.denominator).toString().length - 1;
  const text = formatScaled(x.numerator * y.numerator, digits);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((a, b) => a + b, 0n);
}
