import { anniversary, yearsSince } from '../../kernel/anniversary.js';
import { addToDate, startOfNextPeriod, type LocalDate } from '../../kernel/time.js';
import { leavesWindow, type CalendarWindow } from '../../kernel/window.js';
import type { Grace, Validity } from './ladder.js';

/**
 * The day at whose first instant a standing that begins, or is renewed, on `from` is judged; null where no day is set.
 * So it holds through the day before. Always after `from`.
 */
export function validityEnd(validity: Validity, from: LocalDate, enrolledOn: LocalDate): LocalDate | null {
  switch (validity.type) {
    case 'forever':
    case 'whileQualified':
      return null;
    case 'endOfPeriod': {
      let end = nextPeriod(validity.period, from);
      if (validity.periods === 1) end = nextPeriod(validity.period, end);
      return addToDate(end, { days: validity.days });
    }
    case 'months':
      return afterMonths(from, validity.months, 0, validity.toEndOfMonth);
    case 'anniversary': {
      const { leastMonths, leapDay } = validity;
      const least = addToDate(from, { months: leastMonths });
      // The anniversary on `least` itself gives just as many months; with none to give, the next one is meant.
      const years = yearsSince(enrolledOn, least, leapDay);
      const on = anniversary(enrolledOn, years, leapDay);
      return on >= least && on > from ? on : anniversary(enrolledOn, years + 1, leapDay);
    }
  }
}

/** First day of the calendar period after the one that holds `day`. */
export function nextPeriod(period: CalendarWindow, day: LocalDate): LocalDate {
  return leavesWindow(period, day) as LocalDate;
}

/** The day at whose first instant grace is over; not after `judged` where there is none left. */
export function graceEnd(grace: Grace, judged: LocalDate, since: LocalDate): LocalDate {
  const from = grace.from === 'disqualification' ? judged : since;
  return afterMonths(from, grace.months, grace.days, grace.toEndOfMonth);
}

/** The 31st and a month: the last day of a shorter month (docs/decisions.md#expiry-at-the-end-of-the-day). */
function afterMonths(from: LocalDate, months: number, days: number, toEndOfMonth: boolean): LocalDate {
  const end = addToDate(from, { months, days });
  return toEndOfMonth && !end.endsWith('-01') ? startOfNextPeriod(end, 'month') : end;
}
