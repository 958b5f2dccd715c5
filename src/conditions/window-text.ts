import type { Window } from '../kernel/window.js';

/** The longest windows that end with the day. */
const MAX_DAYS = 1100;
const MAX_MONTHS = 36;

const FIXED: Readonly<Record<string, Window>> = {
  'this day': { type: 'calendar', unit: 'day' },
  'this week': { type: 'calendar', unit: 'week' },
  'this month': { type: 'calendar', unit: 'month' },
  'this quarter': { type: 'calendar', unit: 'quarter' },
  'this half year': { type: 'calendar', unit: 'half' },
  'this year': { type: 'calendar', unit: 'year' },
  'membership year': { type: 'membershipYear' },
  'since tier': { type: 'sinceTier' },
  lifetime: { type: 'lifetime' },
};
const ROLLING = /^([1-9]\d{0,3}) (day|month)s?$/;
const FISCAL = /^fiscal year from ([1-9]|1[0-2])$/;

/** How a window is written in a condition; shown where it is written otherwise. */
export const WINDOW_FORMS = [
  '30 days',
  '12 months',
  ...Object.keys(FIXED),
  'fiscal year from 4',
] as const satisfies readonly string[];

/** The window that a text of a condition names; null for any other text. */
export function windowOfText(text: string): Window | null {
  if (Object.hasOwn(FIXED, text)) return FIXED[text] as Window;
  const [, firstMonth] = FISCAL.exec(text) ?? [];
  if (firstMonth !== undefined)
    return { type: 'calendar', unit: 'fiscalYear', firstMonth: Number(firstMonth) };
  const [, count, unit] = ROLLING.exec(text) ?? [];
  const length = Number(count);
  if (unit === 'day' && length <= MAX_DAYS) return { type: 'rolling', days: length };
  return unit === 'month' && length <= MAX_MONTHS ? { type: 'rolling', months: length } : null;
}
