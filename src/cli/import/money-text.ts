import { ok, refuse, type Result } from '../../kernel/result.js';

/** How numbers are written in the file. */
export interface NumberFormat {
  readonly decimalSeparator: '.' | ',';
  /** Between groups of exactly three digits; null: none is allowed. */
  readonly thousandsSeparator: string | null;
  /** `drop` takes 1.5000 as 1.50 in a currency of two decimals; `reject` takes it for a mistake in the mapping. */
  readonly trailingZeros: 'reject' | 'drop';
}

/** What can be wrong with a number; the field's name goes before it: AMOUNT_NEGATIVE. */
export type NumberFault = 'BLANK' | 'NEGATIVE' | 'NOT_A_NUMBER' | 'TOO_MANY_DECIMALS' | 'TOO_LARGE';

interface Digits {
  readonly whole: string;
  readonly fraction: string;
}

/** More than any amount or quantity of a receipt has; keeps the arithmetic small. */
const MAX_WHOLE_DIGITS = 15;
const MAX_FRACTION_DIGITS = 12;

/** Money in major units as text -> minor units, exactly; no floating point is involved. */
export function parseMoney(
  text: string,
  exponent: number,
  maxMinor: number,
  format: NumberFormat,
): Result<number, NumberFault> {
  const digits = readDigits(text, format);
  if (!digits.ok) return digits;
  const { whole } = digits.value;
  const fraction = withinScale(digits.value.fraction, exponent, format);
  if (fraction === null) return refuse('TOO_MANY_DECIMALS');
  const minor = BigInt(whole + fraction.padEnd(exponent, '0'));
  return minor > BigInt(maxMinor) ? refuse('TOO_LARGE') : ok(Number(minor));
}

/** A quantity -> a plain decimal string as the API takes it: "1,5" -> "1.5", "007" -> "7". */
export function parseQuantity(text: string, format: NumberFormat): Result<string, NumberFault> {
  const digits = readDigits(text, format);
  if (!digits.ok) return digits;
  const { whole, fraction } = digits.value;
  if (fraction.length > MAX_FRACTION_DIGITS) return refuse('TOO_MANY_DECIMALS');
  return ok(fraction === '' ? whole : `${whole}.${fraction}`);
}

function readDigits(text: string, format: NumberFormat): Result<Digits, NumberFault> {
  const trimmed = text.trim();
  if (trimmed === '') return refuse('BLANK');
  // Accountants write a negative amount as -1, 1- or (1), typesetters with U+2212.
  if (/^[-−]\s*\d|^\d\S*[-−]$|^\(\s*\d\S*\)$/.test(trimmed)) return refuse('NEGATIVE');
  const parts = trimmed.split(format.decimalSeparator);
  if (parts.length > 2) return refuse('NOT_A_NUMBER');
  const grouped = parts[0] ?? '';
  const fraction = parts[1] ?? '';
  const whole = format.thousandsSeparator === null ? grouped : ungroup(grouped, format.thousandsSeparator);
  if (whole === null || !/^\d+$/.test(whole)) return refuse('NOT_A_NUMBER');
  if (parts.length === 2 && !/^\d+$/.test(fraction)) return refuse('NOT_A_NUMBER');
  const significant = whole.replace(/^0+(?=\d)/, '');
  return significant.length > MAX_WHOLE_DIGITS ? refuse('TOO_LARGE') : ok({ whole: significant, fraction });
}

/** Takes the separators out of 1,234,567; null when they do not stand between groups of three. */
function ungroup(text: string, separator: string): string | null {
  const groups = text.split(separator);
  if (groups.length === 1) return text;
  const [first = '', ...rest] = groups;
  const sound = first.length >= 1 && first.length <= 3 && rest.every((group) => group.length === 3);
  return sound ? groups.join('') : null;
}

/** The fraction in at most `exponent` digits; null when it has more. */
function withinScale(fraction: string, exponent: number, format: NumberFormat): string | null {
  if (fraction.length <= exponent) return fraction;
  const excess = fraction.slice(exponent);
  return format.trailingZeros === 'drop' && /^0+$/.test(excess) ? fraction.slice(0, exponent) : null;
}
