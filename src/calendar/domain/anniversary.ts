import { addToDate, isLocalDate, type LocalDate } from '../../kernel/time.js';

/** Where the anniversary of 29 February falls in a common year. */
export type LeapDay = '02-28' | '03-01';

const LEAP = '02-29';

/** The day on which a date comes back in a year: the original date plus so many years, never chained. */
function inYear(date: LocalDate, year: number, leapDay: LeapDay): LocalDate {
  const day = `${String(year).padStart(4, '0')}-${date.slice(5)}`;
  if (!date.endsWith(LEAP) || isLocalDate(day)) return day;
  return `${day.slice(0, 5)}${leapDay}`;
}

/** The first anniversary of a date on or after a day; the date itself is none. */
export function nextAnniversary(date: LocalDate, from: LocalDate, leapDay: LeapDay): LocalDate {
  const first = Number(date.slice(0, 4)) + 1;
  const year = Math.max(first, Number(from.slice(0, 4)));
  const day = inYear(date, year, leapDay);
  return day >= from ? day : inYear(date, year + 1, leapDay);
}

/** How many years after a date a day is its anniversary; 0 where it is none. */
export function yearsOn(date: LocalDate, day: LocalDate, leapDay: LeapDay): number {
  const years = Number(day.slice(0, 4)) - Number(date.slice(0, 4));
  return years > 0 && inYear(date, Number(day.slice(0, 4)), leapDay) === day ? years : 0;
}

/** The shortest time between two gifts of one rule, in days: a birthday that is moved brings no second one. */
export const DAYS_BETWEEN_GIFTS = 330;

/** Whether a gift on a day is long enough after the last one of its rule. */
export function isFarFromLast(last: LocalDate | undefined, day: LocalDate): boolean {
  return last === undefined || day >= addToDate(last, { days: DAYS_BETWEEN_GIFTS });
}
