import { addToDate, type LocalDate } from '../kernel/time.js';
import { invalid } from '../platform/http/validation.js';
import { monthsBetween } from './domain/roll-forward.js';

/** Days one journal export may span. */
export const MAX_JOURNAL_DAYS = 366;
/** Months one roll-forward may span. */
export const MAX_ROLL_FORWARD_MONTHS = 120;

export interface DayRange {
  readonly from: LocalDate;
  readonly to: LocalDate;
}

/** Days, or months taken whole; both ends included. @throws ProblemException VALIDATION_FAILED */
export function journalRange(from: string, to: string): DayRange {
  const range = { from: from.length === 7 ? firstDay(from) : from, to: to.length === 7 ? lastDay(to) : to };
  requireOrder(range.from, range.to);
  if (range.to >= addToDate(range.from, { days: MAX_JOURNAL_DAYS })) {
    throw invalid([
      { pointer: '/to', code: 'RANGE_TOO_LONG', detail: `A journal has at most ${MAX_JOURNAL_DAYS} days.` },
    ]);
  }
  return range;
}

/** Months as YYYY-MM, both ends included. @throws ProblemException VALIDATION_FAILED */
export function rollForwardMonths(from: string, to: string): readonly string[] {
  requireOrder(from, to);
  const years = Number(to.slice(0, 4)) - Number(from.slice(0, 4));
  const months = years * 12 + Number(to.slice(5)) - Number(from.slice(5)) + 1;
  if (months > MAX_ROLL_FORWARD_MONTHS) {
    const detail = `A roll-forward has at most ${MAX_ROLL_FORWARD_MONTHS} months.`;
    throw invalid([{ pointer: '/to', code: 'RANGE_TOO_LONG', detail }]);
  }
  return monthsBetween(from, to);
}

export function firstDay(month: string): LocalDate {
  return `${month}-01`;
}

export function lastDay(month: string): LocalDate {
  return addToDate(addToDate(firstDay(month), { months: 1 }), { days: -1 });
}

function requireOrder(from: string, to: string): void {
  if (from > to)
    throw invalid([{ pointer: '/to', code: 'RANGE_REVERSED', detail: 'to must not be before from.' }]);
}
