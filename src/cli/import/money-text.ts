import { ok, refuse, type Result } from '../../kernel/result.js';

/** How numbers are written in the file. */
export interface NumberFormat {
  readonly decimalSeparator: '.' | ',';
  /** Between groups of exactly three digits; null: none is allowed. */
  readonly thousandsSeparator: string | null;
  /** `drop` takes 1.5000 as 1.50 in a currency of two decimals; `reject` takes it for a mistake in the mapping. */
  readonly trailingZeros: 'reject' | 'drop';
  /** Signs that may stand before or after an amount: NT$, $, 元. */
  readonly currencySigns: readonly string[];
}

/** What can be wrong with a number; the field's name goes before it: AMOUNT_NEGATIVE. */
export type NumberFault = 'BLANK' | 'NEGATIVE' | 'NOT_A_NUMBER' | 'TOO_MANY_DECIMALS' | 'TOO_LARGE';

interface Digits {
  readonly negative: boolean;
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
  const read = parseSignedMoney(text, exponent, maxMinor, format);
  return read.ok && (read.value < 0 || Object.is(read.value, -0)) ? refuse('NEGATIVE') : read;
}

/** The same for money that may be less than nothing. */
export function parseSignedMoney(
  text: string,
  exponent: number,
  maxMinor: number,
  format: NumberFormat,
): Result<number, NumberFault> {
  const digits = readDigits(text, format, format.currencySigns);
  if (!digits.ok) return digits;
  const { negative, whole } = digits.value;
  const fraction = withinScale(digits.value.fraction, exponent, format);
  if (fraction === null) return refuse('TOO_MANY_DECIMALS');
  const minor = BigInt(whole + fraction.padEnd(exponent, '0'));
  if (minor > BigInt(maxMinor)) return refuse('TOO_LARGE');
  return ok(negative ? -Number(minor) : Number(minor));
}

/** A quantity -> a plain decimal string as the API takes it: "1,5" -> "1.5", "007" -> "7". */
export function parseQuantity(text: string, format: NumberFormat): Result<string, NumberFault> {
  const digits = readDigits(text, format, []);
  if (!digits.ok) return digits;
  const { negative, whole, fraction } = digits.value;
  if (negative) return refuse('NEGATIVE');
  if (fraction.length > MAX_FRACTION_DIGITS) return refuse('TOO_MANY_DECIMALS');
  return ok(fraction === '' ? whole : `${whole}.${fraction}`);
}

function readDigits(
  text: string,
  format: NumberFormat,
  currencySigns: readonly string[],
): Result<Digits, NumberFault> {
  if (text.trim() === '') return refuse('BLANK');
  const { negative, rest } = withoutSigns(text.trim(), currencySigns);
  const parts = rest.split(format.decimalSeparator);
  if (parts.length > 2) return refuse('NOT_A_NUMBER');
  const grouped = parts[0] ?? '';
  const fraction = parts[1] ?? '';
  const whole = format.thousandsSeparator === null ? grouped : ungroup(grouped, format.thousandsSeparator);
  if (whole === null || !/^\d+$/.test(whole)) return refuse('NOT_A_NUMBER');
  if (parts.length === 2 && !/^\d+$/.test(fraction)) return refuse('NOT_A_NUMBER');
  const significant = whole.replace(/^0+(?=\d)/, '');
  if (significant.length > MAX_WHOLE_DIGITS) return refuse('TOO_LARGE');
  return ok({ negative, whole: significant, fraction });
}

/** Accountants write a negative amount as -1, 1- or (1), typesetters with U+2212; a currency may stand within or without. */
function withoutSigns(
  text: string,
  currencySigns: readonly string[],
): { readonly negative: boolean; readonly rest: string } {
  const inner = /^\((.*)\)$/s.exec(text)?.[1];
  let rest = inner ?? text;
  let negative = inner !== undefined;
  let signs = currencySigns;
  for (let round = 0; round < 2; round += 1) {
    const minus = negative ? null : /^[-−]\s*(.*)$|^(.*\S)\s*[-−]$/s.exec(rest);
    if (minus) [negative, rest] = [true, minus[1] ?? minus[2] ?? ''];
    const sign = signs.find((one) => rest.startsWith(one) || rest.endsWith(one));
    if (sign === undefined) continue;
    rest = (rest.startsWith(sign) ? rest.slice(sign.length) : rest.slice(0, -sign.length)).trim();
    signs = [];
  }
  return { negative, rest: rest.trim() };
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
