/** An exact non-negative rational read from a decimal string such as "0.95": value = numerator / denominator. */
export interface Rational {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

const DECIMAL = /^(\d{1,15})(?:\.(\d{1,12}))?$/;

/** Whether `text` is a plain non-negative decimal: up to 15 digits, up to 12 decimals, no sign, no exponent. */
export function isDecimal(text: string): boolean {
  return DECIMAL.test(text);
}

/** Decimals of configuration and quantities come again and again; how many are remembered is bounded. */
const KNOWN = new Map<string, Rational>();
const KNOWN_LIMIT = 1_000;

/** Reads a decimal exactly. @throws RangeError when `isDecimal` says no. */
export function parseDecimal(text: string): Rational {
  const known = KNOWN.get(text);
  if (known) return known;
  const read = readDecimal(text);
  if (KNOWN.size >= KNOWN_LIMIT) KNOWN.clear();
  KNOWN.set(text, read);
  return read;
}

function readDecimal(text: string): Rational {
  const match = DECIMAL.exec(text);
  if (!match) throw new RangeError(`not a decimal: ${text}`);
  const fraction = match[2] ?? '';
  return { numerator: BigInt(`${match[1]}${fraction}`), denominator: 10n ** BigInt(fraction.length) };
}

/** Below 0, 0 or above 0 as `a` is less than, equal to or more than `b`. @throws RangeError for what is no decimal. */
export function compareDecimals(a: string, b: string): number {
  const [x, y] = [parseDecimal(a), parseDecimal(b)];
  const difference = x.numerator * y.denominator - y.numerator * x.denominator;
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}

/** Writes `units` of 10^-scale as a decimal with exactly `scale` decimals: (-1234n, 2) -> "-12.34". */
export function formatScaled(units: bigint, scale: number): string {
  const sign = units < 0n ? '-' : '';
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  if (scale === 0) return `${sign}${digits}`;
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
