import { formatScaled, parseDecimal } from '../../kernel/decimal.js';
import { divideFloor } from '../../kernel/division.js';

/** Decimals that a quantity may have. */
const DIGITS = 12;
const UNITS = 10n ** BigInt(DIGITS);

/** A quantity in units of 10^-12, exactly. @throws RangeError for what is no decimal. */
export function quantityUnits(text: string): bigint {
  const { numerator, denominator } = parseDecimal(text);
  return divideFloor(numerator * UNITS, denominator);
}

/** Units of 10^-12 as a decimal without trailing zeros: "1", "0.25". */
export function quantityText(units: bigint): string {
  return formatScaled(units, DIGITS).replace(/\.?0+$/, '');
}
