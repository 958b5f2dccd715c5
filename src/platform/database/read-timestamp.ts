import pg from 'pg';

/** `2026-11-28 09:30:15+00` at least; with up to six digits of a second's fraction in between. */
const SHORTEST = 22;
const LONGEST = 29;
const SECONDS_END = 19;
export const TIMESTAMPTZ_OID = 1184;
const ZERO = '0'.charCodeAt(0);

const anyText = pg.types.getTypeParser(TIMESTAMPTZ_OID, 'text') as (text: string) => Date;

/**
 * Reads a `timestamptz` in PostgreSQL's ISO output. In UTC, which is how sessions of ours have it, its places are
 * fixed, so it is read by place: the driver's own reader, which takes everything else, matches a pattern and costs
 * several times as much, and a lot has up to four of them. Microseconds are cut off, as a `Date` has none.
 */
export function readTimestamp(text: string): Date {
  const { length } = text;
  // A year below 1000 is nothing that anybody reads often, and below 100 `Date.UTC` means another.
  const fixed = length >= SHORTEST && length <= LONGEST && text.endsWith('+00') && text.charAt(4) === '-';
  if (!fixed || text.startsWith('0')) return anyText(text);
  let millis = 0;
  // A fraction has no trailing zeros.
  for (let place = 0, at = SECONDS_END + 1; place < 3; place += 1, at += 1)
    millis = millis * 10 + (at < length - 3 ? text.charCodeAt(at) - ZERO : 0);
  const whole = Date.UTC(
    two(text, 0) * 100 + two(text, 2),
    two(text, 5) - 1,
    two(text, 8),
    two(text, 11),
    two(text, 14),
    two(text, 17),
  );
  return new Date(whole + millis);
}

function two(text: string, at: number): number {
  return (text.charCodeAt(at) - ZERO) * 10 + text.charCodeAt(at + 1) - ZERO;
}
