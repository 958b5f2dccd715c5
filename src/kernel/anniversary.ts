import { addToDate, type LocalDate } from './time.js';

/** On which day of a common year what began on 29 February is kept. */
export type LeapDay = '02-28' | '03-01';

/**
 * The original date plus so many years, never chained, so that 29 February comes back in leap years.
 * @param years whole, also negative.
 */
export function anniversary(original: LocalDate, years: number, leapDay: LeapDay = '02-28'): LocalDate {
  const day = addToDate(original, { months: 12 * years });
  const isMoved = day.slice(5) !== original.slice(5);
  return isMoved && leapDay === '03-01' ? addToDate(day, { days: 1 }) : day;
}

/** How many anniversaries there were by `day`: the whole years since `original`, negative before it. */
export function yearsSince(original: LocalDate, day: LocalDate, leapDay: LeapDay = '02-28'): number {
  const years = Number(day.slice(0, 4)) - Number(original.slice(0, 4));
  return anniversary(original, years, leapDay) > day ? years - 1 : years;
}
