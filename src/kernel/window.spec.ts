import {
  leavesWindow,
  loadedFrom,
  windowEnd,
  windowStart,
  type CommonWindow,
  type Window,
  type WindowAnchors,
} from './window.js';

const MONTH = { type: 'calendar', unit: 'month' } as const;
const FISCAL = { type: 'calendar', unit: 'fiscalYear', firstMonth: 4 } as const;
const anchors: WindowAnchors = { enrolledOn: '2024-02-29', tierSince: '2026-03-05' };

describe('the first and the last day of a window', () => {
  it.each<[string, CommonWindow, string, string, string]>([
    ['twelve months', { type: 'rolling', months: 12 }, '2026-11-20', '2025-11-21', '2026-11-20'],
    ['one month', { type: 'rolling', months: 1 }, '2026-11-20', '2026-10-21', '2026-11-20'],
    [
      'one month that ends with January',
      { type: 'rolling', months: 1 },
      '2026-01-31',
      '2026-01-01',
      '2026-01-31',
    ],
    [
      'one month that ends with February',
      { type: 'rolling', months: 1 },
      '2026-02-28',
      '2026-02-01',
      '2026-02-28',
    ],
    [
      'one month that ends with 30 March, for there is no 31 February',
      { type: 'rolling', months: 1 },
      '2026-03-30',
      '2026-02-28',
      '2026-03-30',
    ],
    ['one day', { type: 'rolling', days: 1 }, '2026-11-20', '2026-11-20', '2026-11-20'],
    ['thirty days', { type: 'rolling', days: 30 }, '2026-11-20', '2026-10-22', '2026-11-20'],
    ['ninety days over New Year', { type: 'rolling', days: 90 }, '2026-01-31', '2025-11-03', '2026-01-31'],
    [
      'a month and ten days',
      { type: 'rolling', months: 1, days: 10 },
      '2026-11-20',
      '2026-10-11',
      '2026-11-20',
    ],
    ['the day', { type: 'calendar', unit: 'day' }, '2026-11-20', '2026-11-20', '2026-11-20'],
    ['the week, on its Sunday', { type: 'calendar', unit: 'week' }, '2026-11-22', '2026-11-16', '2026-11-22'],
    ['the month', MONTH, '2026-02-10', '2026-02-01', '2026-02-28'],
    ['the month with a leap day', MONTH, '2028-02-10', '2028-02-01', '2028-02-29'],
    ['the quarter', { type: 'calendar', unit: 'quarter' }, '2026-11-20', '2026-10-01', '2026-12-31'],
    ['the half year', { type: 'calendar', unit: 'half' }, '2026-06-30', '2026-01-01', '2026-06-30'],
    ['the year', { type: 'calendar', unit: 'year' }, '2026-11-20', '2026-01-01', '2026-12-31'],
    [
      'the year, on its first day',
      { type: 'calendar', unit: 'year' },
      '2026-01-01',
      '2026-01-01',
      '2026-12-31',
    ],
    ['the fiscal year from April, before April', FISCAL, '2026-03-31', '2025-04-01', '2026-03-31'],
    ['the fiscal year from April, on its first day', FISCAL, '2026-04-01', '2026-04-01', '2027-03-31'],
    ['the fiscal year from October', { ...FISCAL, firstMonth: 10 }, '2026-09-30', '2025-10-01', '2026-09-30'],
    ['the fiscal year from January', { ...FISCAL, firstMonth: 1 }, '2026-12-31', '2026-01-01', '2026-12-31'],
    ['a lifetime', { type: 'lifetime' }, '2026-11-20', '0001-01-01', '9999-12-31'],
  ])('of %s', (_, window, day, start, end) => {
    expect([windowStart(window, day), windowEnd(window, day)]).toEqual([start, end]);
  });

  it.each<[string, Window, string, string, string]>([
    [
      'the membership year of a leap day',
      { type: 'membershipYear' },
      '2026-02-27',
      '2025-02-28',
      '2026-02-27',
    ],
    ['the same a day later', { type: 'membershipYear' }, '2026-02-28', '2026-02-28', '2027-02-27'],
    [
      'the same up to the next leap day',
      { type: 'membershipYear' },
      '2028-02-28',
      '2027-02-28',
      '2028-02-28',
    ],
    ['the same from it', { type: 'membershipYear' }, '2028-02-29', '2028-02-29', '2029-02-27'],
    [
      'the same with 1 March, on 28 February',
      { type: 'membershipYear', leapDay: '03-01' },
      '2026-02-28',
      '2025-03-01',
      '2026-02-28',
    ],
    [
      'the same with 1 March, from it',
      { type: 'membershipYear', leapDay: '03-01' },
      '2027-03-01',
      '2027-03-01',
      '2028-02-28',
    ],
    [
      'a year from before the enrolment',
      { type: 'membershipYear' },
      '2024-02-28',
      '2023-02-28',
      '2024-02-28',
    ],
    ['the time of the present rung', { type: 'sinceTier' }, '2026-11-20', '2026-03-05', '9999-12-31'],
  ])('of %s, for one member', (_, window, day, start, end) => {
    expect([windowStart(window, day, anchors), windowEnd(window, day, anchors)]).toEqual([start, end]);
  });
});

describe('the first day on which a counted day is gone from the window', () => {
  it.each<[string, Window, string, string | null]>([
    ['one month, from 31 January', { type: 'rolling', months: 1 }, '2026-01-31', '2026-02-28'],
    ['one month, from 28 February', { type: 'rolling', months: 1 }, '2026-02-28', '2026-03-31'],
    ['twelve months, from a leap day', { type: 'rolling', months: 12 }, '2028-02-29', '2029-02-28'],
    ['thirty days', { type: 'rolling', days: 30 }, '2026-10-22', '2026-11-21'],
    ['the month', MONTH, '2026-12-31', '2027-01-01'],
    ['the fiscal year', FISCAL, '2026-03-31', '2026-04-01'],
    ['the membership year', { type: 'membershipYear' }, '2026-02-28', '2027-02-28'],
    ['a lifetime', { type: 'lifetime' }, '2026-11-20', null],
    ['the time of the present rung', { type: 'sinceTier' }, '2026-11-20', null],
  ])('of %s', (_, window, counted, gone) => {
    expect(leavesWindow(window, counted, anchors)).toBe(gone);
  });
});

describe('the day from which days are loaded', () => {
  it('needs to know no member', () => {
    expect(loadedFrom({ type: 'membershipYear' }, '2028-02-28')).toBe('2027-02-27');
    expect(loadedFrom({ type: 'sinceTier' }, '2026-11-20')).toBe('0001-01-01');
    expect(loadedFrom({ type: 'rolling', days: 30 }, '2026-11-20')).toBe('2026-10-22');
  });
});
