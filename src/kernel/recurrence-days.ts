import type { LocalDate } from './time.js';

const DAY_MS = 86_400_000;
const NAMES = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];

/** The parts of an RRULE by their names. */
export type RecurrenceParts = ReadonlyMap<string, string>;

interface Day {
  readonly ms: number;
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly date: number;
  /** 0 Sunday to 6. */
  readonly weekday: number;
}

/** The parts as numbers, read once for all days. */
interface Rule {
  readonly freq: string;
  readonly interval: number;
  /** 0 Sunday to 6. */
  readonly weekStart: number;
  readonly months: readonly number[];
  readonly weeks: readonly number[];
  readonly daysOfYear: readonly number[];
  readonly daysOfMonth: readonly number[];
  /** A number of 0 names every such weekday. */
  readonly weekdays: readonly { readonly weekday: number; readonly number: number }[];
  readonly positions: readonly number[];
}

/**
 * The days that an RRULE of days names (RFC 5545, 3.3.10) from a first day to a last one, in their order: a look at
 * each day, which is as long as the time is, whatever the rule says (docs/adr/0027-recurrences-day-by-day.md).
 * @param parts of a rule that was found to be one; `COUNT` and `UNTIL` are the caller's.
 */
export function recurrenceDays(
  parts: RecurrenceParts,
  first: LocalDate,
  last: LocalDate,
): readonly LocalDate[] {
  const start = dayAt(Date.parse(first));
  const rule = withDefaults(ruleOf(parts), start);
  const end = Date.parse(last);
  // Places within a period count from its beginning and from its end, which may lie outside of the time asked for.
  const until = rule.positions.length === 0 ? end : Date.UTC(dayAt(end).year + 1, 0, 7);
  const found: LocalDate[] = [];
  let period = NaN;
  let named: Day[] = [];
  const close = (): void => {
    for (const [index, { ms }] of named.entries()) {
      if (ms < start.ms || ms > end || !isAtPosition(rule, index, named.length)) continue;
      found.push(new Date(ms).toISOString().slice(0, 10));
    }
    named = [];
  };
  for (let ms = startOfPeriod(rule, start); ms <= until; ms += DAY_MS) {
    const day = dayAt(ms);
    const now = periodOf(rule, day, start);
    if (now !== period) close();
    period = now;
    if (now % rule.interval === 0 && isNamed(rule, day)) named.push(day);
  }
  close();
  return found;
}

function ruleOf(parts: RecurrenceParts): Rule {
  const list = (name: string) => parts.get(name)?.split(',') ?? [];
  return {
    freq: parts.get('FREQ') ?? 'DAILY',
    interval: Number(parts.get('INTERVAL') ?? 1),
    weekStart: NAMES.indexOf(parts.get('WKST') ?? 'MO'),
    months: list('BYMONTH').map(Number),
    weeks: list('BYWEEKNO').map(Number),
    daysOfYear: list('BYYEARDAY').map(Number),
    daysOfMonth: list('BYMONTHDAY').map(Number),
    weekdays: list('BYDAY').map((day) => ({
      weekday: NAMES.indexOf(day.slice(-2)),
      number: Number(day.slice(0, -2)),
    })),
    positions: list('BYSETPOS').map(Number),
  };
}

/** What a rule leaves open is as on its first day: the weekday of a week, the day of a month, the month of a year. */
function withDefaults(rule: Rule, { month, date, weekday }: Day): Rule {
  const { freq, months, weeks, daysOfYear, daysOfMonth, weekdays } = rule;
  const says = weeks.length + daysOfYear.length + daysOfMonth.length + weekdays.length > 0;
  if (says || freq === 'DAILY') return rule;
  if (freq === 'WEEKLY') return { ...rule, weekdays: [{ weekday, number: 0 }] };
  const inMonth = freq === 'YEARLY' && months.length === 0 ? [month] : months;
  return { ...rule, months: inMonth, daysOfMonth: [date] };
}

function isAtPosition({ positions }: Rule, index: number, length: number): boolean {
  return positions.length === 0 || positions.includes(index + 1) || positions.includes(index - length);
}

function isNamed(rule: Rule, day: Day): boolean {
  return (
    isOneOf(rule.months, () => [day.month]) &&
    isOneOf(rule.weeks, () => weekNumbers(day, rule.weekStart)) &&
    isOneOf(rule.daysOfYear, () => fromBothEnds(day.ms, Date.UTC(day.year, 0), Date.UTC(day.year + 1, 0))) &&
    isOneOf(rule.daysOfMonth, () => fromBothEnds(day.ms, ...monthOf(day))) &&
    isWeekday(rule, day)
  );
}

function isOneOf(wanted: readonly number[], numbers: () => readonly number[]): boolean {
  return wanted.length === 0 || numbers().some((number) => wanted.includes(number));
}

function isWeekday(rule: Rule, day: Day): boolean {
  const { weekdays, freq, months } = rule;
  if (weekdays.length === 0) return true;
  return weekdays.some(({ weekday, number }) => {
    if (weekday !== day.weekday || number === 0) return weekday === day.weekday;
    const inMonth = freq === 'MONTHLY' || months.length > 0;
    const [from, to] = inMonth ? monthOf(day) : [Date.UTC(day.year, 0), Date.UTC(day.year + 1, 0)];
    const [front, back] = fromBothEnds(day.ms, from, to);
    return number > 0 ? Math.ceil(front / 7) === number : Math.ceil(-back / 7) === -number;
  });
}

/** The place of a day in a span of days, from 1 at its beginning and from -1 at its end. */
function fromBothEnds(ms: number, from: number, to: number): readonly [number, number] {
  return [(ms - from) / DAY_MS + 1, (ms - to) / DAY_MS];
}

function monthOf({ year, month }: Day): readonly [number, number] {
  return [Date.UTC(year, month - 1), Date.UTC(year, month)];
}

/** The number of a day's week in its year of weeks, from both ends: a week is of the year that has most of it. */
function weekNumbers(day: Day, weekStart: number): readonly [number, number] {
  const week = startOfWeek(day, weekStart);
  const { year } = dayAt(week + 3 * DAY_MS);
  const firstOf = (of: number) => startOfWeek(dayAt(Date.UTC(of, 0, 4)), weekStart);
  return [(week - firstOf(year)) / DAY_MS / 7 + 1, (week - firstOf(year + 1)) / DAY_MS / 7];
}

function startOfWeek({ ms, weekday }: Day, weekStart: number): number {
  return ms - ((weekday - weekStart + 7) % 7) * DAY_MS;
}

function startOfPeriod({ freq, weekStart }: Rule, day: Day): number {
  switch (freq) {
    case 'WEEKLY':
      return startOfWeek(day, weekStart);
    case 'MONTHLY':
      return Date.UTC(day.year, day.month - 1);
    case 'YEARLY':
      return Date.UTC(day.year, 0);
    default:
      return day.ms;
  }
}

/** Periods from the one of the first day on: days, weeks, months or years. */
function periodOf({ freq, weekStart }: Rule, day: Day, start: Day): number {
  switch (freq) {
    case 'WEEKLY':
      return (startOfWeek(day, weekStart) - startOfWeek(start, weekStart)) / DAY_MS / 7;
    case 'MONTHLY':
      return (day.year - start.year) * 12 + day.month - start.month;
    case 'YEARLY':
      return day.year - start.year;
    default:
      return (day.ms - start.ms) / DAY_MS;
  }
}

function dayAt(ms: number): Day {
  const date = new Date(ms);
  return {
    ms,
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    date: date.getUTCDate(),
    weekday: date.getUTCDay(),
  };
}
