import type { Rational } from '../../kernel/decimal.js';
import { divideHalfUp, splitByLargestRemainder } from '../../kernel/division.js';
import type { SubLedgerAmount } from '../../kernel/money.js';
import type { Points } from '../../kernel/points.js';

/** The estimates that give a point its stand-alone selling price. */
export interface PointValue {
  /** v: units of the amounts' scale that one point is worth. */
  readonly valuePerPoint: Rational;
  /** p: likelihood that it is redeemed, 0 to 1. */
  readonly redemptionProbability: Rational;
  /** Tax contained in v, to be taken out; 0 when v is net (docs/accounting.md#worked-examples: A20). */
  readonly taxRate: Rational;
}

export interface LotToValue extends PointValue {
  readonly points: Points;
}

export interface Allocation {
  /** A of each lot, in the order given. */
  readonly lots: readonly SubLedgerAmount[];
  /** What stays with each line, in the order given. */
  readonly lines: readonly SubLedgerAmount[];
}

/**
 * Splits a transaction price between goods and points by relative stand-alone selling price (IFRS 15.74, 76,
 * B42; docs/accounting.md#allocation). SSP of a lot = P * v * p, net of tax. Two stages: all points together get
 * HU(TP * SSP_points / (SSP_lines + SSP_points)), spread over the lots by largest remainder on SSP; the goods take
 * the rest, spread over the lines likewise. The parts add up to `transactionPrice` exactly, and what the points get
 * does not depend on how many lines there are.
 * @param transactionPrice consideration net of tax, >= 0, any scale; all amounts here share it.
 * @param lineSsps stand-alone selling prices of the goods net of tax, >= 0.
 */
export function allocateTransactionPrice(
  transactionPrice: SubLedgerAmount,
  lineSsps: readonly SubLedgerAmount[],
  lots: readonly LotToValue[],
): Allocation {
  const { weights, denominator } = commonDenominator(lots.map(standAloneSellingPrice));
  const pointsSsp = weights.reduce((a, b) => a + b, 0n);
  const goodsSsp = lineSsps.reduce((a, b) => a + b, 0n) * denominator;
  const whole = goodsSsp + pointsSsp;
  const toPoints = whole === 0n ? 0n : divideHalfUp(transactionPrice * pointsSsp, whole);
  return {
    lots: splitByLargestRemainder(toPoints, weights),
    // Computed on access: most callers need the lots alone.
    get lines() {
      return splitByLargestRemainder(transactionPrice - toPoints, lineSsps);
    },
  };
}

/**
 * What points cost that are given as compensation for a sale: their stand-alone selling price P * v * p, net of
 * tax, half up (docs/accounting.md#kinds-of-points; IFRS 15.70). In the scale of the value of a point.
 */
export function compensationAmount(lot: LotToValue): SubLedgerAmount {
  const { numerator, denominator } = standAloneSellingPrice(lot);
  return divideHalfUp(numerator, denominator);
}

/** P * v * p / (1 + t), exactly. */
function standAloneSellingPrice(lot: LotToValue): Rational {
  const { valuePerPoint: v, redemptionProbability: p, taxRate: t } = lot;
  return {
    numerator: BigInt(lot.points) * v.numerator * p.numerator * t.denominator,
    denominator: v.denominator * p.denominator * (t.denominator + t.numerator),
  };
}

function commonDenominator(values: readonly Rational[]): { weights: bigint[]; denominator: bigint } {
  const denominators = [...new Set(values.map((value) => value.denominator))];
  const denominator = denominators.reduce((a, b) => a * b, 1n);
  const weights = values.map(
    (value) =>
      value.numerator * denominators.filter((d) => d !== value.denominator).reduce((a, b) => a * b, 1n),
  );
  return { weights, denominator };
}
