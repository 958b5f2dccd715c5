import fc from 'fast-check';
import { addToDate, localDate, startOfDay, type LocalDate } from './time.js';
import {
  leavesWindow,
  loadedFrom,
  windowEnd,
  windowStart,
  type Window,
  type WindowAnchors,
} from './window.js';

const DAY_MS = 86_400_000;
const day = fc
  .integer({ min: Date.UTC(2019, 0) / DAY_MS, max: Date.UTC(2033, 0) / DAY_MS })
  .map((number): LocalDate => new Date(number * DAY_MS).toISOString().slice(0, 10));
const leapDay = fc.constantFrom<LocalDate>('2020-02-29', '2024-02-29', '2028-02-29');
const anchors: fc.Arbitrary<WindowAnchors> = fc.record({
  enrolledOn: fc.oneof(day, leapDay),
  tierSince: day,
});
const calendar = fc
  .constantFrom('day', 'week', 'month', 'quarter', 'half', 'year')
  .map((unit): Window => ({ type: 'calendar', unit }));
const fiscal = fc
  .integer({ min: 1, max: 12 })
  .map((firstMonth): Window => ({ type: 'calendar', unit: 'fiscalYear', firstMonth }));
const rolling = fc
  .record({ months: fc.integer({ min: 0, max: 13 }), days: fc.integer({ min: 0, max: 40 }) })
  .filter(({ months, days }) => months + days > 0)
  .map((length): Window => ({ type: 'rolling', ...length }));
const membership = fc
  .constantFrom('02-28', '03-01')
  .map((leap): Window => ({ type: 'membershipYear', leapDay: leap }));
const period = fc.oneof(calendar, fiscal, membership);
const window = fc.oneof(period, rolling);
const RUNS = { numRuns: 500 };

describe('any window', () => {
  it('holds the day that it is asked for, and begins no earlier than what is loaded', () => {
    fc.assert(
      fc.property(window, fc.oneof(day, leapDay), anchors, (of, on, of1) => {
        const [start, end] = [windowStart(of, on, of1), windowEnd(of, on, of1)];
        expect(start <= on && on <= end).toBe(true);
        expect(loadedFrom(of, on) <= start).toBe(true);
      }),
      RUNS,
    );
  });

  it('never goes back when the day moves on', () => {
    fc.assert(
      fc.property(window, fc.oneof(day, leapDay), anchors, (of, on, of1) => {
        const next = addToDate(on, { days: 1 });
        expect(windowStart(of, on, of1) <= windowStart(of, next, of1)).toBe(true);
      }),
      RUNS,
    );
  });

  it('holds a day until the day on which that day leaves it', () => {
    fc.assert(
      fc.property(window, fc.oneof(day, leapDay), anchors, (of, counted, of1) => {
        const gone = leavesWindow(of, counted, of1) as LocalDate;
        expect(windowStart(of, addToDate(gone, { days: -1 }), of1) <= counted).toBe(true);
        expect(windowStart(of, gone, of1) > counted).toBe(true);
      }),
      RUNS,
    );
  });
});

describe('periods', () => {
  it('follow each other without a gap, and all of their days have the same', () => {
    fc.assert(
      fc.property(period, fc.oneof(day, leapDay), anchors, (of, on, of1) => {
        const [start, end] = [windowStart(of, on, of1), windowEnd(of, on, of1)];
        const next = addToDate(end, { days: 1 });
        expect(windowStart(of, next, of1)).toBe(next);
        for (const other of [start, end])
          expect([windowStart(of, other, of1), windowEnd(of, other, of1)]).toEqual([start, end]);
      }),
      RUNS,
    );
  });
});

describe('windows over a change of the clocks', () => {
  it('are of local days: the last and the first instant of a day ask for the same', () => {
    const zones = ['Europe/Warsaw', 'Asia/Taipei', 'America/Santiago', 'Atlantic/Azores', 'Africa/Cairo'];
    fc.assert(
      fc.property(window, day, anchors, fc.constantFrom(...zones), (of, on, of1, zone) => {
        const first = startOfDay(on, zone);
        const last = startOfDay(addToDate(on, { days: 1 }), zone) - 1;
        const ask = (at: number) => windowStart(of, localDate(at, zone), of1);
        expect([ask(first), ask(last)]).toEqual([windowStart(of, on, of1), windowStart(of, on, of1)]);
      }),
      RUNS,
    );
  });
});
