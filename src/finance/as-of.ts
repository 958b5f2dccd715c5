import {
  endOfDay,
  formatInstant,
  isLocalDate,
  parseInstant,
  type Instant,
  type LocalDate,
} from '../kernel/time.js';

/** The moment a report looks at. */
export type AsOf =
  /** The end of a business day, as the books have it: everything posted on or before it. */
  | { readonly kind: 'day'; readonly day: LocalDate }
  /** Everything that had happened by an instant, whatever day it was posted to. */
  | { readonly kind: 'instant'; readonly at: Instant };

const YEARS = /^(19[7-9]|20\d|21\d)\d-/;

/** Reads a calendar day or an RFC 3339 instant of the years 1970 to 2199; null for anything else. */
export function parseAsOf(text: string): AsOf | null {
  if (!YEARS.test(text)) return null;
  if (isLocalDate(text)) return { kind: 'day', day: text };
  const at = parseInstant(text);
  return at === null ? null : { kind: 'instant', at };
}

export function formatAsOf(asOf: AsOf): string {
  return asOf.kind === 'day' ? asOf.day : formatInstant(asOf.at);
}

/** The first instant that no longer counts. */
export function endOf(asOf: AsOf, timeZone: string): Instant {
  return asOf.kind === 'day' ? endOfDay(asOf.day, timeZone) : asOf.at + 1;
}

/** A moment, as far as it was known by another one. */
export interface Moment {
  readonly asOf: AsOf;
  /** Null: as far as it is known now. */
  readonly knownAt: Instant | null;
}

/** The values for `AS_OF` in SQL: the day, or the instant (the other one is null), and when it was known. */
export function momentValues({
  asOf,
  knownAt,
}: Moment): readonly [day: string | null, at: Date | null, knownAt: Date | null] {
  const known = knownAt === null ? null : new Date(knownAt);
  return asOf.kind === 'day' ? [asOf.day, null, known] : [null, new Date(asOf.at), known];
}
