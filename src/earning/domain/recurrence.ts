import { ok, refuse, type Result } from '../../kernel/result.js';
import { addToDate, isLocalDate, type LocalDate } from '../../kernel/time.js';
import { recurrenceDays, type RecurrenceParts } from '../../kernel/recurrence-days.js';
import type { Recurrence } from './rule-schedule.js';

/** How far a recurrence reaches from its first date on. */
export const MAX_RECURRENCE_YEARS = 10;

/** Why a recurrence cannot be used. */
export interface RecurrenceFault {
  readonly code: 'RECURRENCE_UNREADABLE' | 'RECURRENCE_TIME_PART' | 'RECURRENCE_TOO_LONG' | 'NEVER_HAPPENS';
  readonly detail: string;
}

const TIME_PARTS = new Set(['BYHOUR', 'BYMINUTE', 'BYSECOND']);
const TIME_FREQUENCIES = new Set(['HOURLY', 'MINUTELY', 'SECONDLY']);

/** Whole numbers from 1 to `most`, and from -1 to -`most` where `signed`, separated by commas. */
function isNumbers(value: string, most: number, signed: boolean): boolean {
  return value.split(',').every((text) => {
    if (!(signed ? /^[+-]?\d{1,3}$/ : /^\d{1,4}$/).test(text)) return false;
    const size = Math.abs(Number(text));
    return size >= 1 && size <= most;
  });
}

/** What RFC 5545 (3.3.10) lets each part say, as far as it is about days. */
const PARTS: Readonly<Record<string, (value: string) => boolean>> = {
  FREQ: (value) => /^(?:DAILY|WEEKLY|MONTHLY|YEARLY)$/.test(value),
  INTERVAL: (value) => !value.includes(',') && isNumbers(value, 1000, false),
  COUNT: (value) => !value.includes(',') && isNumbers(value, 9999, false),
  UNTIL: (value) => /^\d{8}$/.test(value) && isLocalDate(dashed(value)),
  WKST: (value) => /^(?:MO|TU|WE|TH|FR|SA|SU)$/.test(value),
  BYDAY: (value) =>
    value
      .split(',')
      .every(
        (day) =>
          /^(?:[+-]?\d{1,2})?(?:MO|TU|WE|TH|FR|SA|SU)$/.test(day) && !/^[+-]?(?:0|5[4-9]|[6-9]\d)/.test(day),
      ),
  BYMONTHDAY: (value) => isNumbers(value, 31, true),
  BYYEARDAY: (value) => isNumbers(value, 366, true),
  BYWEEKNO: (value) => isNumbers(value, 53, true),
  BYMONTH: (value) => isNumbers(value, 12, false),
  BYSETPOS: (value) => isNumbers(value, 366, true),
};

/**
 * All dates of a recurrence in the ten years from its first date on, in their order.
 * @returns the fault of one that does not read as an RRULE of days, reaches further, or names no date.
 */
export function recurrenceDates({
  startsOn,
  rule,
}: Recurrence): Result<readonly LocalDate[], RecurrenceFault> {
  const parts = partsOf(rule);
  if (!parts.ok) return parts;
  const end = addToDate(startsOn, { months: 12 * MAX_RECURRENCE_YEARS });
  const until = parts.value.get('UNTIL');
  const count = parts.value.get('COUNT');
  if (until !== undefined && dashed(until) >= end) return refuse(tooLong(`UNTIL=${until}`, startsOn));
  const last = until === undefined ? addToDate(end, { days: -1 }) : dashed(until);
  const dates = recurrenceDays(parts.value, startsOn, last).slice(0, Number(count ?? Infinity));
  if (dates.length === 0) {
    const detail = `${rule} names no day in the ${MAX_RECURRENCE_YEARS} years from ${startsOn} on.`;
    return refuse({ code: 'NEVER_HAPPENS', detail });
  }
  if (count !== undefined && dates.length < Number(count)) return refuse(tooLong(`COUNT=${count}`, startsOn));
  return ok(dates);
}

function tooLong(part: string, startsOn: LocalDate): RecurrenceFault {
  const detail = `A recurrence reaches ${MAX_RECURRENCE_YEARS} years from ${startsOn} at most, and ${part} goes further.`;
  return { code: 'RECURRENCE_TOO_LONG', detail };
}

/** The parts of a rule by name, where it is one that RFC 5545 allows and that is about days. */
function partsOf(rule: string): Result<RecurrenceParts, RecurrenceFault> {
  const parts = new Map<string, string>();
  for (const part of rule.split(';')) {
    const [name = '', value = '', ...rest] = part.split('=');
    if (TIME_PARTS.has(name) || (name === 'FREQ' && TIME_FREQUENCIES.has(value)) || isTimed(name, value)) {
      const detail = `${part} is about a time of day. A recurrence names days; hours have a field of their own.`;
      return refuse({ code: 'RECURRENCE_TIME_PART', detail });
    }
    if (!PARTS[name]?.(value) || rest.length > 0)
      return refuse(unreadable(`"${part}" is no part of a recurrence.`));
    if (parts.has(name)) return refuse(unreadable(`${name} stands twice.`));
    parts.set(name, value);
  }
  const fault = faultBetween(parts);
  return fault === null ? ok(parts) : refuse(unreadable(fault));
}

function isTimed(name: string, value: string): boolean {
  return name === 'UNTIL' && /^\d{8}T/.test(value);
}

function unreadable(detail: string): RecurrenceFault {
  return { code: 'RECURRENCE_UNREADABLE', detail };
}

/** What RFC 5545 does not allow together; and of what it allows, the two that its readers disagree about. */
function faultBetween(parts: RecurrenceParts): string | null {
  const freq = parts.get('FREQ');
  const days = parts.get('BYDAY')?.split(',') ?? [];
  const numbered = days.some((day) => /\d/.test(day));
  if (freq === undefined) return 'A recurrence needs FREQ.';
  if (parts.has('COUNT') && parts.has('UNTIL')) return 'COUNT and UNTIL do not go together.';
  if (parts.has('BYWEEKNO') && freq !== 'YEARLY') return 'BYWEEKNO goes with FREQ=YEARLY.';
  if (parts.has('BYWEEKNO') && (!parts.has('BYDAY') || numbered))
    return 'BYWEEKNO needs BYDAY without numbers.';
  if (parts.has('BYYEARDAY') && freq !== 'YEARLY') return 'BYYEARDAY goes with FREQ=YEARLY.';
  if (parts.has('BYMONTHDAY') && freq === 'WEEKLY') return 'BYMONTHDAY does not go with FREQ=WEEKLY.';
  if (numbered && freq !== 'MONTHLY' && freq !== 'YEARLY')
    return 'Numbers in BYDAY go with FREQ=MONTHLY and FREQ=YEARLY.';
  if (numbered && days.some((day) => !/\d/.test(day))) return 'In BYDAY all days have a number, or none.';
  if (!parts.has('BYSETPOS')) return null;
  if (freq === 'DAILY') return 'BYSETPOS does not go with FREQ=DAILY.';
  const hasOther = [...parts.keys()].some((name) => name.startsWith('BY') && name !== 'BYSETPOS');
  return hasOther ? null : 'BYSETPOS needs another BY part.';
}

/** `20261231` as `2026-12-31`. */
function dashed(compact: string): LocalDate {
  return `${compact.slice(0, 4)}-${compact.slice(4, 6)}-${compact.slice(6, 8)}`;
}
