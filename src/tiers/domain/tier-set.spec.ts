import { ladder } from '../../../test/builders/tiers.js';
import { tierSetFault, windowStart, type Window } from './tier-set.js';

describe('the first day of a window', () => {
  it.each<[string, Window, string, string]>([
    ['twelve months', { type: 'rolling', months: 12 }, '2026-11-20', '2025-11-21'],
    ['one month', { type: 'rolling', months: 1 }, '2026-11-20', '2026-10-21'],
    ['one month that ends with January', { type: 'rolling', months: 1 }, '2026-01-31', '2026-01-01'],
    ['one month that ends with February', { type: 'rolling', months: 1 }, '2026-02-28', '2026-02-01'],
    [
      'one month that ends with 30 March, for there is no 31 February',
      { type: 'rolling', months: 1 },
      '2026-03-30',
      '2026-02-28',
    ],
    ['one day', { type: 'rolling', days: 1 }, '2026-11-20', '2026-11-20'],
    ['thirty days', { type: 'rolling', days: 30 }, '2026-11-20', '2026-10-22'],
    ['ninety days over the end of a year', { type: 'rolling', days: 90 }, '2026-01-31', '2025-11-03'],
    ['the month', { type: 'calendar', unit: 'month' }, '2026-11-20', '2026-11-01'],
    ['the quarter', { type: 'calendar', unit: 'quarter' }, '2026-11-20', '2026-10-01'],
    ['the year', { type: 'calendar', unit: 'year' }, '2026-11-20', '2026-01-01'],
    ['the year, on its first day', { type: 'calendar', unit: 'year' }, '2026-01-01', '2026-01-01'],
  ])('of %s', (_, window, day, start) => {
    expect(windowStart(window, day)).toBe(start);
  });

  it('never goes back when the day moves on', () => {
    const days = Array.from({ length: 800 }, (_, index) =>
      new Date(Date.UTC(2026, 0, 1 + index)).toISOString().slice(0, 10),
    );
    for (const months of [1, 2, 6, 12]) {
      const starts = days.map((day) => windowStart({ type: 'rolling', months }, day));
      expect(starts).toEqual([...starts].sort());
    }
  });
});

describe('a ladder that cannot be used', () => {
  const tier = (key: string, threshold: number) => ({ key, name: key, threshold });

  it.each([
    ['has no tier', [], 'The first tier must have the threshold 0.'],
    ['starts above 0', [tier('a', 1)], 'The first tier must have the threshold 0.'],
    ['names a key twice', [tier('a', 0), tier('a', 5)], 'Each tier must have a key of its own.'],
    [
      'has two tiers at one threshold',
      [tier('a', 0), tier('b', 5), tier('c', 5)],
      'Each tier must have a higher threshold than the one before it.',
    ],
    [
      'descends',
      [tier('a', 0), tier('b', 5), tier('c', 4)],
      'Each tier must have a higher threshold than the one before it.',
    ],
  ])('%s', (_, tiers, fault) => {
    expect(tierSetFault(tiers)).toBe(fault);
  });

  it('is neither the usual one nor one with a single tier', () => {
    expect(tierSetFault(ladder().tiers)).toBeNull();
    expect(tierSetFault([tier('a', 0)])).toBeNull();
  });
});
