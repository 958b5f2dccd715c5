import { parseDecimal, type Rational } from '../../kernel/decimal.js';
import { divideFloor } from '../../kernel/division.js';
import type { PurchaseLine } from '../../kernel/domain-events.js';
import { lineRevenue } from '../../kernel/points-paid.js';
import { whole } from '../../kernel/rational.js';
import { baseFigure, type Bases } from './base-figure.js';
import type { BasketPart } from './basket.js';
import type { EarningRule } from './earning-rule.js';
import { marginOf, marginPoints } from './margin.js';
import type { PerUnit, Steps, TierTable } from './rule-amount.js';
import type { RuleTrace } from './rule-trace.js';

/** What a rule's amount comes to over the lines that match, before any factor. */
export interface RawFigure {
  readonly raw: Rational;
  /** What each line contributed, in the order given; any unit. */
  readonly weights: readonly bigint[];
}

/** What an amount is worked out over. */
export interface RawInput {
  /** The lines that match, of the money that counts; of the units, as large a share counts. */
  readonly part: BasketPart;
  /** The same lines at what they cost before points: one that cost nothing counts no units. */
  readonly goods: readonly PurchaseLine[];
  /** The lines of the receipt as they were sold. */
  readonly sold: readonly PurchaseLine[];
  readonly basisMinor: number;
  readonly tier: string | null;
  readonly bases: Bases;
}

/** Decimals that a line's quantity may have. */
const QUANTITY_DIGITS = 12;
const QUANTITY_UNITS = 10n ** BigInt(QUANTITY_DIGITS);
const NOTHING = whole(0n);

/** Works out the raw figure of a rule: exact, without any rounding but that of whole steps. */
export function rawFigure(rule: EarningRule, input: RawInput): RawFigure {
  const { amount } = rule;
  const { part, goods, sold, basisMinor, tier, bases } = input;
  switch (amount.type) {
    case 'perUnit':
      return { raw: unitPoints(amount, goods, part), weights: goods.map(unitsOf) };
    case 'marginShare': {
      const margins = part.lines.map((line) => marginOf(amount, line, sold));
      return { raw: marginPoints(amount, margins), weights: margins.map(({ weight }) => weight) };
    }
    case 'multiplierOnBase':
      return baseFigure(amount, part.lines, bases);
    case 'perSpend': {
      const raw = stepPoints(amount.points, BigInt(basisMinor), BigInt(amount.stepMinor), amount.steps);
      return { raw, weights: moneyOf(rule, part.lines) };
    }
    case 'basketBonus': {
      const raw = basisMinor >= amount.minimumMinor ? whole(BigInt(amount.points)) : NOTHING;
      return { raw, weights: moneyOf(rule, part.lines) };
    }
    case 'fixed':
      return { raw: whole(BigInt(amount.points)), weights: moneyOf(rule, part.lines) };
    case 'tierTable':
      return { raw: whole(BigInt(tablePoints(amount, tier))), weights: moneyOf(rule, part.lines) };
    case 'bands': {
      const reached = amount.bands.filter(({ fromMinor }) => basisMinor >= fromMinor).at(-1);
      return { raw: whole(BigInt(reached?.points ?? 0)), weights: moneyOf(rule, part.lines) };
    }
  }
}

/**
 * Whether a basis is certainly too small for any points, found without the arithmetic of the rest: most rules of a
 * large programme are about other receipts.
 */
export function isBelow({ amount }: EarningRule, basisMinor: number): boolean {
  switch (amount.type) {
    case 'perSpend':
      return amount.steps === 'exact' ? basisMinor === 0 : basisMinor < amount.stepMinor;
    case 'basketBonus':
      return basisMinor < amount.minimumMinor;
    case 'bands':
      return basisMinor < (amount.bands[0]?.fromMinor ?? 0);
    default:
      return false;
  }
}

/** Minor units of lines as a rule counts them; a receipt's thousand lines of at most 10^12 each stay exact. */
export function basisOf({ basis }: EarningRule, lines: readonly PurchaseLine[]): number {
  let sum = 0;
  for (const { amountMinor, taxMinor } of lines)
    sum += basis === 'net' ? amountMinor - taxMinor : amountMinor;
  return sum;
}

const WHY_BELOW = {
  perSpend: 'belowStep',
  perUnit: 'belowStep',
  basketBonus: 'belowMinimum',
  bands: 'belowMinimum',
  fixed: 'noMatchingLine',
  tierTable: 'tierWithout',
  marginShare: 'noMargin',
  multiplierOnBase: 'noBase',
} as const satisfies Record<EarningRule['amount']['type'], RuleTrace['why']>;

/** Why lines that match come to a raw figure of nothing. */
export function whyBelow({ amount }: EarningRule): RuleTrace['why'] {
  return WHY_BELOW[amount.type];
}

function moneyOf({ basis }: EarningRule, lines: readonly PurchaseLine[]): readonly bigint[] {
  return lines.map((line) => BigInt(line.amountMinor - (basis === 'net' ? line.taxMinor : 0)));
}

function stepPoints(points: number, of: bigint, step: bigint, steps: Steps = 'whole'): Rational {
  if (steps === 'exact') return { numerator: BigInt(points) * of, denominator: step };
  return whole(BigInt(points) * divideFloor(of, step));
}

function unitPoints(amount: PerUnit, goods: readonly PurchaseLine[], part: BasketPart): Rational {
  const step = parseDecimal(amount.perQuantity);
  const own = sum(goods.map((line) => (lineRevenue(line) === 'own' ? unitsOf(line) : 0n)));
  const others = sum(goods.map(unitsOf)) - own;
  const { share, othersShare } = part;
  const counted =
    own * share.numerator * othersShare.denominator + others * othersShare.numerator * share.denominator;
  const unit = QUANTITY_UNITS * share.denominator * othersShare.denominator;
  return stepPoints(amount.points, counted * step.denominator, unit * step.numerator, amount.steps);
}

/** Points of a table for a tier. */
export function tablePoints({ byTier, otherwise }: TierTable, tier: string | null): number {
  return tier !== null && Object.hasOwn(byTier, tier) ? (byTier[tier] ?? 0) : otherwise;
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

function sum(values: readonly bigint[]): bigint {
  return values.reduce((a, b) => a + b, 0n);
}
