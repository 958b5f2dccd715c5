import { DateTime, IANAZone, type TokenParser } from 'luxon';
import type { Instant } from '../../kernel/time.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MINUTE_MS = 60_000;
/** Zone offsets change only at whole quarter hours. */
const QUARTER_HOUR_MS = 15 * MINUTE_MS;
/** The year before the first of the Republic of China. */
const ROC_BEGINS = 1911;
const MEMO_LIMIT = 50_000;

const ISO_WITH_OFFSET = /[Tt ]\d.*(?:[Zz]|[+-]\d{2}(?::?\d{2})?)$/;

/** Text of the file -> instant, null when it is none. */
export type InstantReader = (text: string) => Instant | null;

/**
 * Reads timestamps in ISO 8601 (`format` null; a blank instead of the T is fine), in a Luxon format, or in
 * seconds (`X`) or milliseconds (`x`) since 1970, which Luxon writes but does not read. One that carries an offset says what it is; any other is local time in `timeZone`, see `localResolver`.
 */
export function instantReader(
  format: string | null,
  timeZone: string,
  calendar: 'gregorian' | 'roc' = 'gregorian',
): InstantReader {
  const resolve = localResolver(timeZone);
  if (format === null) return (text) => readIso(text.trim(), resolve);
  if (format === 'X' || format === 'x') return (text) => readUnix(text.trim(), format === 'X' ? 1000 : 1);
  const parser = DateTime.buildFormatParser(format, { locale: 'en-US' });
  const absolute = namesAnInstant(format);
  return (text) => {
    const dated = calendar === 'roc' ? withGregorianYear(text.trim()) : text.trim();
    return dated === null ? null : readFormat(withMeridiem(dated), parser, absolute ? null : resolve);
  };
}

/**
 * A date of the Republic of China with its year of ours: 115/11/01, 民國115年11月1日 and 1151101 are 2026. Null where it
 * does not begin with such a year.
 */
function withGregorianYear(text: string): string | null {
  const [, year, rest] = /^(?:民國)?\s*(\d{2,3})(\D.*|\d{4}(?:\D.*)?)$/s.exec(text) ?? [];
  if (year === undefined || rest === undefined) return null;
  return `${(Number(year) + ROC_BEGINS).toString()}${rest}`;
}

/** Half days in the words of East Asian tills, as the format's `a` reads them. */
function withMeridiem(text: string): string {
  return text.replace(/上午|午前/, 'AM').replace(/下午|午後/, 'PM');
}

/**
 * A local time in a zone -> instant, the same on every run:
 * - a time that the clocks skip in spring is read with the offset before the change, so 02:30 is 03:30;
 * - a time that comes twice in autumn is the first of the two.
 *
 * The function it makes takes the wall clock's time as if it were UTC, in milliseconds.
 */
function localResolver(timeZone: string): (local: number) => Instant {
  const offsetAt = memoisedOffset(timeZone);
  return (local) => {
    const before = offsetAt(local - DAY_MS);
    const after = offsetAt(local + DAY_MS);
    const early = local - before;
    const late = local - after;
    // The offset before a change gives the first of two equal times, and carries a skipped one forward.
    return before === after || offsetAt(early) === before || offsetAt(late) !== after ? early : late;
  };
}

function memoisedOffset(timeZone: string): (instant: Instant) => number {
  const zone = IANAZone.create(timeZone);
  const memo = new Map<number, number>();
  return (instant) => {
    const key = Math.floor(instant / QUARTER_HOUR_MS);
    const known = memo.get(key);
    if (known !== undefined) return known;
    const offset = zone.offset(instant) * MINUTE_MS;
    if (memo.size >= MEMO_LIMIT) memo.clear();
    memo.set(key, offset);
    return offset;
  };
}

function readIso(text: string, resolve: (local: number) => Instant): Instant | null {
  const iso = text.replace(/^(\d{4}-\d{2}-\d{2}) (?=\d)/, '$1T');
  const read = DateTime.fromISO(iso, { zone: 'utc' });
  if (!read.isValid || !/^\d{4}/.test(iso)) return null;
  return ISO_WITH_OFFSET.test(iso) ? read.toMillis() : resolve(read.toMillis());
}

function readFormat(
  text: string,
  parser: TokenParser,
  resolve: ((local: number) => Instant) | null,
): Instant | null {
  const read = DateTime.fromFormatParser(text, parser, { zone: 'utc', locale: 'en-US' });
  if (!read.isValid) return null;
  return resolve ? resolve(read.toMillis()) : read.toMillis();
}

function readUnix(text: string, unitMs: number): Instant | null {
  return /^\d{1,13}$/.test(text) ? Number(text) * unitMs : null;
}

/** Whether a Luxon format has an offset or a zone in it; quoted text does not count. */
function namesAnInstant(format: string): boolean {
  return /[Zz]/.test(format.replaceAll(/'[^']*'/g, ''));
}
