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

/** RFC 3339, of any day that a month may have, right or not. */
const instantText = fc
  .tuple(
    fc.oneof(fc.integer({ min: 1, max: 9999 }), fc.constantFrom(1, 99, 100, 1900, 2000, 2024, 9999)),
    fc.integer({ min: 1, max: 12 }),
    fc.oneof(fc.integer({ min: 1, max: 31 }), fc.constantFrom(28, 29, 30, 31)),
    fc.integer({ min: 0, max: 86_399 }),
    fc.stringMatching(/^(\.\d{1,9})?$/),
    fc.oneof(fc.constantFrom('Z', 'z'), fc.stringMatching(/^[+-]([01]\d|2[0-3]):[0-5]\d$/)),
  )
  .map(([year, month, day, second, fraction, offset]) => {
    const time = new Date(second * 1000).toISOString().slice(11, 19);
    const date = [String(year).padStart(4, '0'), month, day]
      .map((part) => String(part).padStart(2, '0'))
      .join('-');
    return `${date}T${time}${fraction}${offset}`;
  });

describe('instants', () => {
  it('come back from their text form', () => {
    fc.assert(
      fc.property(instant, (at) => {
        expect(parseInstant(formatInstant(at))).toBe(at);
      }),
    );
  });

  it('are read as Date.parse reads them, but for days that no month has', () => {
    fc.assert(
      fc.property(instantText, (text) => {
        const day = text.slice(0, 10);
        const isDay = new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
        expect(parseInstant(text)).toBe(isDay ? Date.parse(text.toUpperCase()) : null);
      }),
      RUNS,
    );
  });
});
