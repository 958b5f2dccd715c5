import { DecimalValue } from './decimal-value.js';

export type Attributes = Readonly<Record<string, unknown>>;

/** Characters of an attribute that conditions read: traces keep what they read. */
export const MAX_TEXT_LENGTH = 500;

/** An attribute as text, its first 500 characters; "" where it is absent or no text. */
export function textOf(attributes: Attributes, name: string): string {
  const value = own(attributes, name);
  if (typeof value !== 'string') return '';
  return value.length <= MAX_TEXT_LENGTH
    ? value
    : value.slice(0, MAX_TEXT_LENGTH).replace(HALF_A_CHARACTER, '');
}

/** The first half of a surrogate pair, which no database takes. */
const HALF_A_CHARACTER = /[\ud800-\udbff]$/;

/** An attribute as a decimal, written as a number or as a text; null where it is neither. */
export function numberOf(attributes: Attributes, name: string): DecimalValue | null {
  const value = own(attributes, name);
  if (typeof value === 'number') return DecimalValue.read(withoutExponent(String(value)));
  return typeof value === 'string' ? DecimalValue.read(value) : null;
}

/** Whether an attribute is true; false where it is absent. */
export function flagOf(attributes: Attributes, name: string): boolean {
  return own(attributes, name) === true;
}

function own(attributes: Attributes, name: string): unknown {
  return Object.hasOwn(attributes, name) ? attributes[name] : undefined;
}

/** JavaScript writes 0.0000001 as 1e-7; large numbers with an exponent have too many digits for a decimal anyway. */
function withoutExponent(text: string): string {
  const match = /^(-?)(\d)(?:\.(\d+))?e-(\d+)$/.exec(text);
  if (!match) return text;
  const [, sign, digit, rest = '', places] = match;
  return `${sign}0.${'0'.repeat(Number(places) - 1)}${digit}${rest}`;
}
