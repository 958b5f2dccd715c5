import { DateTime, IANAZone } from 'luxon';

/** An instant: milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;

/** A calendar day in some zone, ISO 8601 (`2026-11-22`); compares as text. */
export type LocalDate = string;

/** The system time, injected everywhere; nothing reads it by itself. */
export interface Clock {
  now(): Instant;
}

export function isTimeZone(zone: string): boolean {
  return IANAZone.isValidZone(zone);
}

export function formatInstant(instant: Instant): string {
  return new Date(instant).toISOString();
}

const RFC3339 = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2})$/;

/** Reads an RFC 3339 instant (an offset is required); null for anything else, such as 30 February. */
export function parseInstant(text: string): Instant | null {
  if (!RFC3339.test(text)) return null;
  const instant = DateTime.fromISO(text, { setZone: true });
  return instant.isValid ? instant.toMillis() : null;
}

export function isLocalDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && DateTime.fromISO(text, { zone: 'utc' }).isValid;
}

/** Zone offsets change only at whole quarter hours, so a day once worked out holds for its quarter hour. */
const QUARTER_HOUR_MS = 900_000;
const MEMO_LIMIT = 50_000;
const days = new Map<string, LocalDate>();

/** The calendar day of an instant in an IANA zone. */
export function localDate(instant: Instant, zone: string): LocalDate {
  const key = `${zone} ${Math.floor(instant / QUARTER_HOUR_MS)}`;
  const known = days.get(key);
  if (known !== undefined) return known;
  const day = requireIso(DateTime.fromMillis(instant, { zone }).toISODate());
  if (days.size >= MEMO_LIMIT) days.clear();
  days.set(key, day);
  return day;
}

const starts = new Map<string, Instant>();

/** The first instant of a calendar day in a zone, daylight saving included. */
export function startOfDay(day: LocalDate, zone: string): Instant {
  const key = `${zone} ${day}`;
  const known = starts.get(key);
  if (known !== undefined) return known;
  const start = DateTime.fromISO(day, { zone }).startOf('day').toMillis();
  if (starts.size >= MEMO_LIMIT) starts.clear();
  starts.set(key, start);
  return start;
}

/** Calendar arithmetic; months are added before days and clamp to a shorter month's last day. */
export function addToDate(day: LocalDate, amount: { months?: number; days?: number }): LocalDate {
  return requireIso(DateTime.fromISO(day, { zone: 'utc' }).plus(amount).toISODate());
}

export type CalendarUnit = 'month' | 'quarter' | 'year';

/** First day of the calendar month, quarter or year that holds `day`. */
export function startOfPeriod(day: LocalDate, unit: CalendarUnit): LocalDate {
  return requireIso(DateTime.fromISO(day, { zone: 'utc' }).startOf(unit).toISODate());
}

/**
 * The instant at which something valid "through `day`" ends: the first instant of the next day, exclusive,
 * so that all of `day` counts (half-open intervals, DESIGN section 5).
 */
export function endOfDay(day: LocalDate, zone: string): Instant {
  return startOfDay(addToDate(day, { days: 1 }), zone);
}

function requireIso(text: string | null): string {
  if (text === null) throw new RangeError('not a date');
  return text;
}
