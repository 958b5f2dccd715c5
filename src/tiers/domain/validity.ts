import { anniversary, yearsSince } from '../../kernel/anniversary.js';
import { addToDate, startOfNextPeriod, type LocalDate } from '../../kernel/time.js';
import { leavesWindow, type CalendarWindow } from '../../kernel/window.js';
import type { Grace, Validity } from './ladder.js';

/** Whether something begins with the first instant of a day, or with what happened on it. */
export type Beginning = 'midnight' | 'during';

/**
 * The day at whose first instant a standing that begins, or is renewed, on `from` is evaluated; null where no day is set.
 * So it holds through the day before. Always after `from`. A month that begins during 10 March lasts through 10 April,
 * one that begins with its first instant through 9 April (docs/decisions.md#expiry-at-the-end-of-the-day).
 */
export function validityEnd(
  validity: Validity,
  from: LocalDate,
  beginning: Beginning,
  enrolledOn: LocalDate,
): LocalDate | null {
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
      return endAfter(from, beginning, { ...validity, days: 0 });
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

/** The day at whose first instant grace is over; not after `evaluated` where there is none left. */
export function graceEnd(grace: Grace, evaluated: LocalDate, since: LocalDate): LocalDate {
  return endAfter(grace.from === 'disqualification' ? evaluated : since, 'midnight', grace);
}

/** The first day after so many months and days; they end on the last day of a shorter month. */
function endAfter(
  from: LocalDate,
  beginning: Beginning,
  { months, days, toEndOfMonth }: Pick<Grace, 'months' | 'days' | 'toEndOfMonth'>,
): LocalDate {
  const last = addToDate(addToDate(from, { months, days }), { days: beginning === 'midnight' ? -1 : 0 });
  return toEndOfMonth ? startOfNextPeriod(last, 'month') : addToDate(last, { days: 1 });
}
