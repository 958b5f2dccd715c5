import { anniversary, yearsSince, type LeapDay } from './anniversary.js';
import { addToDate, startOfNextPeriod, startOfPeriod, type CalendarUnit, type LocalDate } from './time.js';

/** The calendar period that holds a day. A fiscal year begins on the first day of its `firstMonth`, 1 to 12. */
export type CalendarWindow =
  | { readonly type: 'calendar'; readonly unit: CalendarUnit }
  | { readonly type: 'calendar'; readonly unit: 'fiscalYear'; readonly firstMonth: number };

/** The n months and days that end with a day, that day included; together both are added. */
export interface RollingWindow {
  readonly type: 'rolling';
  readonly months?: number;
  readonly days?: number;
}

/** A window that is the same for all members. */
export type CommonWindow = CalendarWindow | RollingWindow | { readonly type: 'lifetime' };

/**
 * Over which business days something is counted. A membership year runs from one anniversary of the enrolment to the
 * day before the next; `sinceTier` from the day on which the present standing began.
 */
export type Window =
  | CommonWindow
  | { readonly type: 'membershipYear'; readonly leapDay?: LeapDay }
  | { readonly type: 'sinceTier' };

/** From when on windows of one member are counted. */
export interface WindowAnchors {
  readonly enrolledOn: LocalDate;
  /** The day on which the present standing began; the enrolment's on the first rung. */
  readonly tierSince: LocalDate;
}

/** Before and after any day that counts: a lifetime has no beginning or end of its own. */
export const FIRST_DAY: LocalDate = '0001-01-01';
export const LAST_DAY: LocalDate = '9999-12-31';

/** First day of the window that ends with `day`, or of the period that holds it. */
export function windowStart(window: CommonWindow, day: LocalDate): LocalDate;
export function windowStart(window: Window, day: LocalDate, anchors: WindowAnchors): LocalDate;
export function windowStart(window: Window, day: LocalDate, anchors?: WindowAnchors): LocalDate {
  switch (window.type) {
    case 'calendar':
      return window.unit === 'fiscalYear'
        ? fiscalYearStart(day, window.firstMonth)
        : startOfPeriod(day, window.unit);
    case 'rolling':
      return addToDate(addToDate(day, ONE_DAY), {
        months: -(window.months ?? 0),
        days: -(window.days ?? 0),
      });
    case 'lifetime':
      return FIRST_DAY;
    case 'membershipYear': {
      const { enrolledOn } = anchors as WindowAnchors;
      return anniversary(enrolledOn, yearsSince(enrolledOn, day, window.leapDay), window.leapDay);
    }
    case 'sinceTier':
      return (anchors as WindowAnchors).tierSince;
  }
}

/** Last day of the period that holds `day`; of a window that ends with the day it asks about, `day` itself. */
export function windowEnd(window: CommonWindow, day: LocalDate): LocalDate;
export function windowEnd(window: Window, day: LocalDate, anchors: WindowAnchors): LocalDate;
export function windowEnd(window: Window, day: LocalDate, anchors?: WindowAnchors): LocalDate {
  if (window.type === 'rolling') return day;
  const next = leavesWindow(window as CommonWindow, day, anchors as WindowAnchors);
  return next === null ? LAST_DAY : addToDate(next, { days: -1 });
}

/**
 * The first day whose window holds `counted` no more: what happened on it counts up to the day before. It is the
 * next boundary of calendar periods and membership years. Null where time alone never ends it.
 */
export function leavesWindow(window: CommonWindow, counted: LocalDate): LocalDate | null;
export function leavesWindow(window: Window, counted: LocalDate, anchors: WindowAnchors): LocalDate | null;
export function leavesWindow(window: Window, counted: LocalDate, anchors?: WindowAnchors): LocalDate | null {
  switch (window.type) {
    case 'calendar':
      return window.unit === 'fiscalYear'
        ? addToDate(fiscalYearStart(counted, window.firstMonth), ONE_YEAR)
        : startOfNextPeriod(counted, window.unit);
    case 'rolling':
      return monthsLater(addToDate(counted, { days: window.days ?? 0 }), window.months ?? 0);
    case 'membershipYear': {
      const { enrolledOn } = anchors as WindowAnchors;
      return anniversary(enrolledOn, yearsSince(enrolledOn, counted, window.leapDay) + 1, window.leapDay);
    }
    case 'lifetime':
    case 'sinceTier':
      return null;
  }
}

/**
 * From which day on days must be known to count over the window that ends with `day`, before anything is known of the
 * member.
 */
export function loadedFrom(window: Window, day: LocalDate): LocalDate {
  switch (window.type) {
    case 'membershipYear':
      // After 29 February a year that ends in a leap year has 366 days, of which 12 months may leave one out.
      return addToDate(day, { months: -12, days: -1 });
    case 'sinceTier':
      return FIRST_DAY;
    default:
      return windowStart(window, day);
  }
}

const ONE_DAY = { days: 1 };
const ONE_YEAR = { months: 12 };

function fiscalYearStart(day: LocalDate, firstMonth: number): LocalDate {
  const month = String(firstMonth).padStart(2, '0');
  const year = Number(day.slice(0, 4)) - (day.slice(5, 7) < month ? 1 : 0);
  return `${String(year).padStart(4, '0')}-${month}-01`;
}

/** So many months later; the last day of a month becomes the last of another, for longer months end later. */
function monthsLater(day: LocalDate, months: number): LocalDate {
  const later = addToDate(day, { months });
  const isLastOfMonth = addToDate(day, ONE_DAY).endsWith('-01');
  return isLastOfMonth ? addToDate(startOfNextPeriod(later, 'month'), { days: -1 }) : later;
}
