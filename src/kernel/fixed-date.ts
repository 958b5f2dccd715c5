import { addToDate, isLocalDate, type LocalDate } from './time.js';

/** A date of every year (`MM-DD`) or of one (`YYYY-MM-DD`). 29 February is the 28th in a common year. */
export type FixedDate = string;

/** Any leap year: 29 February is a date of every year. */
const LEAP_YEAR = '2000';
const LEAP_DAY = '02-29';

export function isFixedDate(text: string): boolean {
  return isLocalDate(text.length === 5 ? `${LEAP_YEAR}-${text}` : text);
}

/** The first day at or after `from` that is `date`; null when its one year is over. */
export function fixedDateIn(date: FixedDate, from: LocalDate): LocalDate | null {
  if (date.length > 5) return date >= from ? date : null;
  const year = Number(from.slice(0, 4));
  const thisYear = dayIn(year, date);
  return thisYear >= from ? thisYear : dayIn(year + 1, date);
}

function dayIn(year: number, date: FixedDate): LocalDate {
  const day = `${String(year).padStart(4, '0')}-${date}`;
  return date === LEAP_DAY && !isLocalDate(day) ? addToDate(`${day.slice(0, 5)}03-01`, { days: -1 }) : day;
}
