import fc from 'fast-check';
import library from 'rrule';
import { recurrenceDates } from './recurrence.js';

const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const startsOn = fc
  .integer({ min: Date.UTC(1996, 0, 1) / 86_400_000, max: Date.UTC(2032, 11, 31) / 86_400_000 })
  .map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10));

const signed = (most: number) =>
  fc.integer({ min: 1, max: most }).chain((size) => fc.constantFrom(String(size), String(-size)));
const list = (one: fc.Arbitrary<string>) =>
  fc.uniqueArray(one, { minLength: 1, maxLength: 3 }).map((all) => all.join(','));
const part = (name: string, value: fc.Arbitrary<string>) =>
  fc.option(
    value.map((text) => `${name}=${text}`),
    { nil: null, freq: 2 },
  );

const plainDay = fc.constantFrom(...WEEKDAYS);
const numberedDay = (most: number) =>
  fc.tuple(fc.option(signed(most), { nil: '' }), plainDay).map(([number, day]) => `${number}${day}`);
const month = fc.integer({ min: 1, max: 12 }).map(String);

/** The library takes a place before the first of a set, counted from its end, for the first. */
const position = fc.constantFrom('1', '2', '3', '5', '20', '-1');

/** The parts that go with each frequency. */
const BY: Readonly<Record<string, readonly fc.Arbitrary<string | null>[]>> = {
  DAILY: [part('BYMONTH', list(month)), part('BYMONTHDAY', list(signed(31))), part('BYDAY', list(plainDay))],
  // Of its first week the library leaves out what is before the first day, and counts the places of the rest.
  WEEKLY: [part('BYMONTH', list(month)), part('BYDAY', list(plainDay))],
  MONTHLY: [
    part('BYMONTH', list(month)),
    part('BYMONTHDAY', list(signed(31))),
    part('BYDAY', list(numberedDay(5))),
    part('BYSETPOS', list(position)),
  ],
  YEARLY: [
    part('BYMONTH', list(month)),
    part('BYYEARDAY', list(signed(366))),
    part('BYMONTHDAY', list(signed(31))),
    part('BYDAY', list(numberedDay(53))),
    part('BYSETPOS', list(position)),
  ],
  WEEKS: [
    part('BYMONTH', list(month)),
    // Of the last weeks of a year the library forgets the days that lie in the next one.
    list(fc.integer({ min: 1, max: 51 }).map(String)).map((text) => `BYWEEKNO=${text}`),
    list(plainDay).map((text) => `BYDAY=${text}`),
    part('BYSETPOS', list(position)),
  ],
};

const rule = fc
  .constantFrom(...Object.keys(BY))
  .chain((kind) =>
    fc
      .tuple(
        fc.constant(`FREQ=${kind === 'WEEKS' ? 'YEARLY' : kind}`),
        part('INTERVAL', fc.integer({ min: 1, max: 5 }).map(String)),
        part('WKST', plainDay),
        ...(BY[kind] as fc.Arbitrary<string | null>[]),
      )
      .map((parts) => parts.filter((text) => text !== null).join(';')),
  );

/** The calendar repeats itself, weekdays included, after 400 years of so many milliseconds. */
const CYCLE_MS = 146_097 * 86_400_000;
/**
 * Late in the years that the library knows: it searches a rule that never comes true to the end of them. Places
 * of BYSETPOS come in their own order, and those that two of them name come twice.
 */
const CYCLES = 19;

function daysOfLibrary(start: string, text: string): readonly string[] {
  const [year, ...rest] = start.split('-');
  const end = Date.parse([Number(year) + 10, ...rest].join('-').replace('02-29', '03-01'));
  const [dtstart, until] = [Date.parse(start), end - 1].map((ms) => new Date(ms + CYCLES * CYCLE_MS));
  const rule = new library.RRule({ ...library.RRule.parseString(text), dtstart, until });
  const days = rule.all().map((date) => new Date(date.getTime() - CYCLES * CYCLE_MS).toISOString());
  return [...new Set(days.map((day) => day.slice(0, 10)))].sort();
}

describe('a recurrence', () => {
  it('has the days that another implementation finds', () => {
    fc.assert(
      fc.property(startsOn, rule, (start, text) => {
        const dates = recurrenceDates({ startsOn: start, rule: text });
        if (!dates.ok && dates.refusal.code === 'RECURRENCE_UNREADABLE') return /BYSETPOS|BYDAY/.test(text);
        expect(dates.ok ? dates.value : []).toEqual(daysOfLibrary(start, text));
        return true;
      }),
      { numRuns: 200 },
    );
  });
});
