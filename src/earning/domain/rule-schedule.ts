import {
  addToDate,
  localDate,
  minuteOfDay,
  weekdayOf,
  type Instant,
  type LocalDate,
} from '../../kernel/time.js';

/** Days that a recurrence names: an iCal RRULE (RFC 5545) without time parts, from a first local date on. */
export interface Recurrence {
  /** DTSTART. It is itself a day of the recurrence only where the rule names it. */
  readonly startsOn: LocalDate;
  readonly rule: string;
}

/** Wall-clock times `HH:MM`, exclusive at the end; one that passes midnight belongs to the day on which it began. */
export interface HourSpan {
  readonly from: string;
  /** Up to `24:00`. */
  readonly to: string;
}

/** Calendar days, both inclusive. */
export interface DayRange {
  readonly from: LocalDate;
  readonly until: LocalDate;
}

/** When a rule gives points, in the programme's zone. An empty list does not restrict; a black-out beats the rest. */
export interface RuleSchedule {
  /** 1 Monday to 7 Sunday. */
  readonly weekdays: readonly number[];
  readonly hours: readonly HourSpan[];
  /** A day that one of them names is meant. */
  readonly recurrences: readonly Recurrence[];
  readonly blackOuts: readonly DayRange[];
}

/** A schedule made ready for many receipts. */
export interface PreparedSchedule {
  /** Whether the rule gives points on a day, whatever the hour. */
  readonly isDay: (day: LocalDate) => boolean;
  /** Minutes since midnight; empty for all hours. */
  readonly spans: readonly { readonly from: number; readonly to: number }[];
}

/** @param datesOf all days of a recurrence. */
export function prepareSchedule(
  { weekdays, hours, recurrences, blackOuts }: RuleSchedule,
  datesOf: (recurrence: Recurrence) => readonly LocalDate[],
): PreparedSchedule {
  const wanted = new Set(weekdays);
  const named = recurrences.length === 0 ? null : new Set(recurrences.flatMap((each) => datesOf(each)));
  return {
    isDay: (day) =>
      (wanted.size === 0 || wanted.has(weekdayOf(day))) &&
      (named === null || named.has(day)) &&
      !blackOuts.some(({ from, until }) => from <= day && day <= until),
    spans: hours.map(({ from, to }) => ({ from: minutesOf(from), to: minutesOf(to) })),
  };
}

/** Whether an instant is in the schedule, by the calendar and the clocks of a zone. */
export function isInSchedule({ isDay, spans }: PreparedSchedule, at: Instant, zone: string): boolean {
  const day = localDate(at, zone);
  if (spans.length === 0) return isDay(day);
  const minute = minuteOfDay(at, zone);
  return spans.some(({ from, to }) => {
    if (from < to) return from <= minute && minute < to && isDay(day);
    return minute >= from ? isDay(day) : minute < to && isDay(addToDate(day, { days: -1 }));
  });
}

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}
