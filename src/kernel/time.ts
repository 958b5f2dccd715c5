import { DateTime, IANAZone } from 'luxon';

/** An instant: milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;

/** A calendar day in some zone, ISO 8601 (`2026-11-22`); compares as text. */
export type LocalDate = string;

/** The system time, injected everywhere; nothing reads it by itself. */
export interface Clock {
  now(): Instant;
}

/**
 * The form of a name in the IANA time zone database. An offset such as `+01:00` is no zone: it knows no daylight
 * saving.
 */
const ZONE_NAME = /^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+){0,2}$/;

/**
 * Whether a text names a zone of the IANA time zone database, or a link to one (`Asia/Calcutta`). Engines of
 * Node.js 24 and later also take offsets for zones, so the form of the name is checked first.
 */
export function isTimeZone(zone: string): boolean {
  return ZONE_NAME.test(zone) && IANAZone.isValidZone(zone);
}

/** The last few instants written: a command writes when it occurred, was recorded and ends again and again. */
const WRITTEN = 8;
const writtenInstants = new Float64Array(WRITTEN).fill(NaN);
const writtenTexts: string[] = Array.from({ length: WRITTEN }, () => '');
let nextWritten = 0;

export function formatInstant(instant: Instant): string {
  for (let index = 0; index < WRITTEN; index += 1)
    if (writtenInstants[index] === instant) return writtenTexts[index] as string;
  const text = new Date(instant).toISOString();
  writtenInstants[nextWritten] = instant;
  writtenTexts[nextWritten] = text;
  nextWritten = (nextWritten + 1) & (WRITTEN - 1);
  return text;
}

const RFC3339 =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])[Tt](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
/** Where the fraction of a second begins, if there is one, and otherwise the offset. */
const AFTER_SECONDS = 19;
const MINUTE_MS = 60_000;
/** The calendar repeats itself after 400 years of so many days. */
const FOUR_CENTURIES_MS = 146_097 * 86_400_000;

/**
 * Reads an RFC 3339 instant (an offset is required); null for anything else, such as 30 February. Digits beyond the
 * millisecond are cut off. Every request is read by it, some twice, so it costs a fraction of `Date.parse`.
 */
export function parseInstant(text: string): Instant | null {
  if (!RFC3339.test(text)) return null;
  const [year, month, day] = [
    twoDigits(text, 0) * 100 + twoDigits(text, 2),
    twoDigits(text, 5),
    twoDigits(text, 8),
  ];
  // Date.UTC would let 30 February pass as 2 March.
  if (day > 28 && day > daysOfMonth(year, month)) return null;
  const [hour, minute, second] = [twoDigits(text, 11), twoDigits(text, 14), twoDigits(text, 17)];
  // Date.UTC would take the year 99 for 1999.
  const seconds = Date.UTC(year + 400, month - 1, day, hour, minute, second) - FOUR_CENTURIES_MS;
  const offsetAt = text.endsWith('Z') || text.endsWith('z') ? text.length - 1 : text.length - 6;
  const local = seconds + millisecondsOf(text.slice(AFTER_SECONDS + 1, offsetAt));
  const sign = text[offsetAt];
  if (sign !== '+' && sign !== '-') return local;
  const offset = (twoDigits(text, offsetAt + 1) * 60 + twoDigits(text, offsetAt + 4)) * MINUTE_MS;
  return sign === '+' ? local - offset : local + offset;
}

function twoDigits(text: string, at: number): number {
  return text.charCodeAt(at) * 10 + text.charCodeAt(at + 1) - 11 * ZERO;
}

const ZERO = 48;

function daysOfMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** @param digits of the fraction of a second; none at all where there is none. */
function millisecondsOf(digits: string): number {
  return digits === '' ? 0 : Number(digits.slice(0, 3).padEnd(3, '0'));
}

export function isLocalDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && DateTime.fromISO(text, { zone: 'utc' }).isValid;
}

/** Answers of a pure function by its argument's text, so that the calendar is asked once for each day. */
function remembered<T>(work: (key: string) => T): (key: string) => T {
  const known = new Map<string, T>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const made = work(key);
    if (known.size >= MEMO_LIMIT) known.clear();
    known.set(key, made);
    return made;
  };
}

const MEMO_LIMIT = 50_000;
/** Zone offsets change only at whole quarter hours, so a day once worked out holds for its quarter hour. */
const QUARTER_HOUR_MS = 900_000;

const dayOfQuarterHour = remembered((key) => {
  const [quarter, zone] = key.split(' ') as [string, string];
  return requireIso(DateTime.fromMillis(Number(quarter) * QUARTER_HOUR_MS, { zone }).toISODate());
});

/** The day asked for last; most questions of a moment are about the same quarter hour. */
const asked = { quarter: NaN, zone: '', day: '' };

/** The calendar day of an instant in an IANA zone. */
export function localDate(instant: Instant, zone: string): LocalDate {
  const quarter = Math.floor(instant / QUARTER_HOUR_MS);
  if (quarter === asked.quarter && zone === asked.zone) return asked.day;
  const day = dayOfQuarterHour(`${quarter} ${zone}`);
  asked.quarter = quarter;
  asked.zone = zone;
  asked.day = day;
  return day;
}

const minuteOfQuarterHour = remembered((key) => {
  const [quarter, zone] = key.split(' ') as [string, string];
  const { hour, minute } = DateTime.fromMillis(Number(quarter) * QUARTER_HOUR_MS, { zone });
  return hour * 60 + minute;
});

/** Minutes since midnight on the clocks of an IANA zone, 0 to 1439; where clocks go back, an hour comes twice. */
export function minuteOfDay(instant: Instant, zone: string): number {
  const quarter = Math.floor(instant / QUARTER_HOUR_MS);
  const since = Math.floor((instant - quarter * QUARTER_HOUR_MS) / MINUTE_MS);
  return minuteOfQuarterHour(`${quarter} ${zone}`) + since;
}

/** The weekday of a calendar day by ISO 8601: 1 Monday to 7 Sunday. */
export function weekdayOf(day: LocalDate): number {
  return new Date(day).getUTCDay() || 7;
}

const startOfDayIn = remembered((key) => {
  const [day, zone] = key.split(' ') as [string, string];
  let start = DateTime.fromISO(day, { zone }).startOf('day').toMillis();
  // Where clocks go back over midnight (the Azores), midnight comes twice; the day begins with the first.
  while (localDate(start - QUARTER_HOUR_MS, zone) === day) start -= QUARTER_HOUR_MS;
  return start;
});

/** The first instant of a calendar day in a zone, daylight saving included. */
export function startOfDay(day: LocalDate, zone: string): Instant {
  return startOfDayIn(`${day} ${zone}`);
}

const TIME_OF_DAY = /^(?:[01]\d|2[0-3]):[0-5]\d$/;

/** Whether a text is a time of day, `HH:MM` from 00:00 to 23:59. */
export function isTimeOfDay(text: string): boolean {
  return TIME_OF_DAY.test(text);
}

/**
 * The instant of a time of day in a zone. A time that comes twice, where clocks are set back, is the first of both; one
 * that does not come, where they are set ahead, is as much later as they are.
 * @param time `HH:MM`
 */
export function atTimeOfDay(day: LocalDate, time: string, zone: string): Instant {
  const wall = DateTime.fromISO(`${day}T${time}`, { zone: 'utc' }).toMillis();
  const offset = (at: Instant) => DateTime.fromMillis(at, { zone }).offset * MINUTE_MS;
  // By the clocks of before the day; where they were changed since, by those of the time itself.
  const before = wall - offset(startOfDay(day, zone) - 1);
  const after = wall - offset(before);
  const isThen = (at: Instant) => at + offset(at) === wall;
  return isThen(before) || !isThen(after) ? before : after;
}

const dateAfter = remembered((key) => {
  const [day, months, days] = key.split(' ') as [string, string, string];
  const later = DateTime.fromISO(day, { zone: 'utc' }).plus({ months: Number(months), days: Number(days) });
  return requireIso(later.toISODate());
});

/** Calendar arithmetic; months are added before days and clamp to a shorter month's last day. */
export function addToDate(day: LocalDate, amount: { months?: number; days?: number }): LocalDate {
  return dateAfter(`${day} ${amount.months ?? 0} ${amount.days ?? 0}`);
}

/** Weeks are those of ISO 8601: they begin on Monday. */
export type CalendarUnit = 'day' | 'week' | 'month' | 'quarter' | 'half' | 'year';

const PERIOD_LENGTH: Readonly<Record<CalendarUnit, { months?: number; days?: number }>> = {
  day: { days: 1 },
  week: { days: 7 },
  month: { months: 1 },
  quarter: { months: 3 },
  half: { months: 6 },
  year: { months: 12 },
};

const periodStart = remembered((key) => {
  const [day, unit] = key.split(' ') as [string, CalendarUnit];
  if (unit === 'half') return `${day.slice(0, 4)}-${day.slice(5, 7) < '07' ? '01' : '07'}-01`;
  return requireIso(DateTime.fromISO(day, { zone: 'utc' }).startOf(unit).toISODate());
});

/** First day of the calendar period that holds `day`. */
export function startOfPeriod(day: LocalDate, unit: CalendarUnit): LocalDate {
  return periodStart(`${day} ${unit}`);
}

/** First day of the calendar period after the one that holds `day`. */
export function startOfNextPeriod(day: LocalDate, unit: CalendarUnit): LocalDate {
  return addToDate(startOfPeriod(day, unit), PERIOD_LENGTH[unit]);
}

/**
 * The instant at which something valid "through `day`" ends: the first instant of the next day, exclusive,
 * so that all of `day` counts (half-open intervals, docs/decisions.md#expiry-at-the-end-of-the-day).
 */
export function endOfDay(day: LocalDate, zone: string): Instant {
  return startOfDay(addToDate(day, { days: 1 }), zone);
}

function requireIso(text: string | null): string {
  if (text === null) throw new RangeError('not a date');
  return text;
}
