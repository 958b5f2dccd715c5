import type { Rational } from '../../kernel/decimal.js';
import { divideFloor, divideHalfUp, toSafeNumber } from '../../kernel/division.js';
import type { PurchaseLine } from '../../kernel/domain-events.js';
import { quantityText, quantityUnits } from './quantity.js';
import type { ReturnedLine } from './return-facts.js';

/** A line of a receipt and what of it came back so far. */
export interface LineState {
  readonly line: PurchaseLine;
  /** What was bought, in units of 10^-12. */
  readonly quantity: bigint;
  readonly quantityBack: bigint;
  readonly amountBack: number;
  readonly taxBack: number;
  /** Of `amountBack`, what came back without goods. */
  readonly amountOnlyBack: number;
}

/** A step of a line: what comes back now, and the line after it. */
export interface LineStep {
  readonly returned: ReturnedLine;
  readonly after: LineState;
}

/** A line after the returns recorded so far. */
export function lineState(line: PurchaseLine, returned: readonly ReturnedLine[]): LineState {
  const own = returned.filter(({ lineNo }) => lineNo === line.lineNo);
  const sum = (of: (part: ReturnedLine) => number) => own.reduce((total, part) => total + of(part), 0);
  return {
    line,
    quantity: quantityUnits(line.quantity),
    quantityBack: own.reduce((total, { quantity }) => total + quantityUnits(quantity), 0n),
    amountBack: sum(({ amountMinor }) => amountMinor),
    taxBack: sum(({ taxMinor }) => taxMinor),
    amountOnlyBack: sum(({ quantity, amountMinor }) => (quantityUnits(quantity) === 0n ? amountMinor : 0)),
  };
}

/**
 * Whether nothing is left: all goods are back, or all the money and some of it without goods. (Where the last unit
 * comes to less than half a minor unit, the money is back before the goods are.)
 */
export function isBack({ line, quantity, quantityBack, amountBack, amountOnlyBack }: LineState): boolean {
  if (quantity > 0n && quantityBack === quantity) return true;
  return amountBack === line.amountMinor && (amountOnlyBack > 0 || quantity === 0n);
}

/** Whether all goods are back; money alone hands nothing over. A line without a quantity is back with its money. */
export function isHandedBack(state: LineState): boolean {
  return state.quantity > 0n ? state.quantityBack === state.quantity : isBack(state);
}

export function quantityLeft(state: LineState): bigint {
  return isBack(state) ? 0n : state.quantity - state.quantityBack;
}

export function amountLeft({ line, amountBack }: LineState): number {
  return line.amountMinor - amountBack;
}

/** What is left of a receipt's lines: goods, money and tax. Units that a reward gave shrink with the goods. */
export function linesLeft(states: readonly LineState[]): readonly PurchaseLine[] {
  return states.filter((state) => !isBack(state)).map(lineLeft);
}

function lineLeft(state: LineState): PurchaseLine {
  const { line, quantity, taxBack } = state;
  const units = quantityLeft(state);
  const left = { ...line, amountMinor: amountLeft(state), taxMinor: line.taxMinor - taxBack };
  if (units === quantity) return left;
  const { rewardedQuantity } = line;
  const goods = { ...left, quantity: quantityText(units) };
  if (rewardedQuantity === undefined) return goods;
  const rewarded = divideFloor(quantityUnits(rewardedQuantity) * units, quantity);
  return { ...goods, rewardedQuantity: quantityText(rewarded) };
}

/**
 * How much of the line came back, from 0 to 1 and exactly: n of q units are n/q of it, whatever they come to in
 * whole minor units, and money without goods is its part of the line's money.
 */
export function shareBack(state: LineState): Rational {
  if (isBack(state)) return ONE;
  const { line, quantity, quantityBack, amountOnlyBack } = state;
  const units = quantity > 0n ? { n: quantityBack, d: quantity } : { n: 0n, d: 1n };
  const money =
    line.amountMinor > 0 ? { n: BigInt(amountOnlyBack), d: BigInt(line.amountMinor) } : { n: 0n, d: 1n };
  const share = { numerator: units.n * money.d + money.n * units.d, denominator: units.d * money.d };
  return share.numerator > share.denominator ? ONE : share;
}

const ONE: Rational = { numerator: 1n, denominator: 1n };

/**
 * So many units come back, with the half-up share of the line's money and tax that all units back so far have; the
 * last unit takes what is left.
 * @param units of 10^-12, from 1 to what is left.
 */
export function returnUnits(state: LineState, units: bigint): LineStep {
  const { line, quantity, quantityBack } = state;
  const back = quantityBack + units;
  if (back === quantity) return returnRest(state);
  const share = (of: number) =>
    toSafeNumber(
      divideHalfUp(BigInt(of) * back, quantity) - divideHalfUp(BigInt(of) * quantityBack, quantity),
    );
  return step(state, units, share(line.amountMinor), share(line.taxMinor));
}

/**
 * Money comes back without goods, with its half-up share of the tax; with the last of the money, all that is left.
 * @param amountMinor from 1 to what is left.
 */
export function returnAmount(state: LineState, amountMinor: number): LineStep {
  const { line, amountOnlyBack } = state;
  const tax = (of: number) => divideHalfUp(BigInt(line.taxMinor) * BigInt(of), BigInt(line.amountMinor));
  const taxMinor = toSafeNumber(tax(amountOnlyBack + amountMinor) - tax(amountOnlyBack));
  return step(state, 0n, amountMinor, taxMinor);
}

/** All that is left of the line comes back. */
export function returnRest(state: LineState): LineStep {
  return step(state, quantityLeft(state), amountLeft(state), state.line.taxMinor - state.taxBack);
}

/** Shares of goods and of money alone may come to more than the line; it never gives more than it has. */
function step(state: LineState, units: bigint, amount: number, tax: number): LineStep {
  const { line } = state;
  const amountMinor = Math.min(amount, amountLeft(state));
  const taxLeft = line.taxMinor - state.taxBack;
  const taxMinor = amountMinor === amountLeft(state) ? taxLeft : Math.min(tax, taxLeft);
  return {
    returned: { lineNo: line.lineNo, quantity: quantityText(units), amountMinor, taxMinor },
    after: {
      ...state,
      quantityBack: state.quantityBack + units,
      amountBack: state.amountBack + amountMinor,
      taxBack: state.taxBack + taxMinor,
      amountOnlyBack: state.amountOnlyBack + (units === 0n ? amountMinor : 0),
    },
  };
}
