import fc from 'fast-check';
import { addToDate, endOfDay, formatInstant, localDate, parseInstant, startOfDay } from './time.js';

const ZONES = [
  'Europe/Warsaw',
  'Asia/Taipei',
  'America/New_York',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Africa/Cairo',
  'America/Santiago',
  'Atlantic/Azores',
  'Pacific/Kiritimati',
];
const HOUR_MS = 3_600_000;
/** The European clocks change at 1:00Z on the last Sunday of March and October. */
const nearClockChange = fc
  .record({
    year: fc.integer({ min: 2015, max: 2034 }),
    month: fc.constantFrom(2, 9),
    away: fc.integer({ min: -2 * HOUR_MS, max: 2 * HOUR_MS }),
  })
  .map(({ year, month, away }) => {
    const last = new Date(Date.UTC(year, month, 31, 1));
    return last.getTime() - last.getUTCDay() * 24 * HOUR_MS + away;
  });
const instant = fc.oneof(fc.integer({ min: Date.UTC(2015, 0), max: Date.UTC(2035, 0) }), nearClockChange);
/** Enough to meet the one zone in nine whose clock change is at midnight. */
const RUNS = { numRuns: 1000 };
const zone = fc.constantFrom(...ZONES);

describe('days, in any zone at any instant', () => {
  it('hold the instants that are theirs, and no others', () => {
    fc.assert(
      fc.property(instant, zone, (at, where) => {
        const day = localDate(at, where);
        expect(startOfDay(day, where) <= at && at < endOfDay(day, where)).toBe(true);
      }),
      RUNS,
    );
  });

  it('follow each other without a gap', () => {
    fc.assert(
      fc.property(instant, zone, (at, where) => {
        const day = localDate(at, where);
        expect(localDate(endOfDay(day, where), where)).toBe(addToDate(day, { days: 1 }));
        expect(localDate(endOfDay(day, where) - 1, where)).toBe(day);
      }),
      RUNS,
    );
  });
});

describe('instants', () => {
  it('come back from their text form', () => {
    fc.assert(
      fc.property(instant, (at) => {
        expect(parseInstant(formatInstant(at))).toBe(at);
      }),
    );
  });
});
