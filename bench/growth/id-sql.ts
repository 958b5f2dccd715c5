import { createHash } from 'node:crypto';
import { encodeId } from '../../src/kernel/ids.js';

/**
 * Ids as SQL. A UUIDv7 begins with 48 bits of milliseconds; of the rest, the first 40 bits (version, counter,
 * variant and 22 bits that tell kinds and seeds apart) are a constant here, and the last 40 bits a number. Both
 * cuts fall between two characters of the text form, so each part is translated by itself, ten bits at a time, out of
 * a table that is a constant of the statement.
 */

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const PAIRS = Array.from({ length: 1024 }, (_, value) => `${ALPHABET[value >> 5]}${ALPHABET[value & 31]}`);
/** As bytes: the n-th character of a `text` is found by counting, the n-th byte at once. */
const TABLE = `'\\x${Buffer.from(PAIRS.join('')).toString('hex')}'::bytea`;

/** The part of a kind's ids that is the same in all of them. */
export interface IdKind {
  /** Ten hexadecimal digits. */
  readonly hex: string;
  /** The same 40 bits in the text form. */
  readonly text: string;
}

/** The constant part for one kind of id; another `salt` gives other ids. */
export function idKind(kind: string, salt: string): IdKind {
  const digest = createHash('sha256').update(`${kind} ${salt}`).digest();
  // Version 7 and counter 0; then the variant, binary 10, in front of 22 bits.
  const bytes = [0x70, 0x00, 0x80 | (digest.readUInt8(0) & 0x3f), digest.readUInt8(1), digest.readUInt8(2)];
  const whole = Buffer.from([...new Uint8Array(6), ...bytes, ...new Uint8Array(5)]);
  return { hex: Buffer.from(bytes).toString('hex'), text: encodeId('std', whole).slice(4 + 10, 4 + 18) };
}

/**
 * Scatters a number below 2^33 over the 40 bits an id ends with; two numbers never meet, since the factor is odd. The
 * highest bit is set so that `to_hex` always writes ten digits.
 */
export function scattered(number: string): string {
  return `((((${number})::bigint * 387420489) & 549755813887) | 549755813888)`;
}

/** SQL of the uuid with these milliseconds and this scattered number. */
export function uuidSql(kind: IdKind, millis: string, number: string): string {
  return `(lpad(to_hex(${millis}), 12, '0') || '${kind.hex}' || to_hex(${number}))::uuid`;
}

/** SQL of the bytes of the ten characters that milliseconds take. */
export function millisText(millis: string): string {
  return bits(millis, [40, 30, 20, 10, 0]);
}

/** SQL of the bytes of the eight characters that a scattered number takes. */
export function numberText(number: string): string {
  return bits(number, [30, 20, 10, 0]);
}

/** SQL of an id's text from the bytes of its two varying parts. */
export function idText(prefix: string, kind: IdKind, millisBytes: string, numberBytes: string): string {
  return `convert_from('${prefix}_'::bytea || ${millisBytes} || '${kind.text}'::bytea || ${numberBytes}, 'UTF8')`;
}

function bits(value: string, shifts: readonly number[]): string {
  return `(${shifts.map((shift) => `substr(${TABLE}, 1 + 2 * ((${value} >> ${shift}) & 1023)::int, 2)`).join(' || ')})`;
}
