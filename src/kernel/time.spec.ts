import {
  addToDate,
  endOfDay,
  formatInstant,
  isLocalDate,
  isTimeZone,
  localDate,
  parseInstant,
  startOfDay,
  startOfNextPeriod,
  startOfPeriod,
} from './time.js';

const WARSAW = 'Europe/Warsaw';
const TAIPEI = 'Asia/Taipei';

describe('parseInstant', () => {
  it.each([
    ['2026-11-22T10:15:00Z', '2026-11-22T10:15:00.000Z'],
    ['2026-11-22T10:15:00+08:00', '2026-11-22T02:15:00.000Z'],
    ['2026-11-22T10:15:00-03:30', '2026-11-22T13:45:00.000Z'],
    ['2026-11-22T10:15:00.5Z', '2026-11-22T10:15:00.500Z'],
    ['2026-11-22T10:15:00.123456789Z', '2026-11-22T10:15:00.123Z'],
    ['2026-11-22t10:15:00z', '2026-11-22T10:15:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['2026-11-22T23:59:59+23:59', '2026-11-22T00:00:59.000Z'],
    ['2026-11-22T10:15:00.12+08:00', '2026-11-22T02:15:00.120Z'],
    ['2026-11-22T10:15:00.001z', '2026-11-22T10:15:00.001Z'],
    ['1969-12-31T23:59:59.999Z', '1969-12-31T23:59:59.999Z'],
    ['2000-02-29T00:00:00Z', '2000-02-29T00:00:00.000Z'],
    ['0099-12-31T00:00:00Z', '0099-12-31T00:00:00.000Z'],
    ['0001-01-01T00:00:00+00:01', '0000-12-31T23:59:00.000Z'],
  ])('reads %s', (text, utc) => {
    expect(formatInstant(parseInstant(text) as number)).toBe(utc);
  });

  it.each([
    ['without an offset', '2026-11-22T10:15:00'],
    ['a day alone', '2026-11-22'],
    ['without seconds', '2026-11-22T10:15Z'],
    ['with a space', '2026-11-22 10:15:00Z'],
    ['30 February', '2026-02-30T00:00:00Z'],
    ['29 February of a common year', '2026-02-29T00:00:00Z'],
    ['29 February of a century that is no leap year', '2100-02-29T00:00:00Z'],
    ['31 April', '2026-04-31T00:00:00Z'],
    ['31 June', '2026-06-31T00:00:00Z'],
    ['31 September', '2026-09-31T00:00:00Z'],
    ['31 November', '2026-11-31T00:00:00Z'],
    ['day 32', '2026-01-32T00:00:00Z'],
    ['day 0', '2026-01-00T00:00:00Z'],
    ['month 0', '2026-00-01T00:00:00Z'],
    ['month 13', '2026-13-01T00:00:00Z'],
    ['minute 60', '2026-01-01T00:60:00Z'],
    ['hour 25', '2026-01-01T25:00:00Z'],
    ['hour 24, which ISO 8601 has and RFC 3339 has not', '2026-01-01T24:00:00Z'],
    ['an offset of a whole day', '2026-01-01T00:00:00+24:00'],
    ['an offset with 99 minutes', '2026-01-01T00:00:00+01:99'],
    ['a short offset', '2026-01-01T00:00:00+01'],
    ['a zone name', '2026-01-01T00:00:00[Europe/Warsaw]'],
    ['a week date', '2026-W01-1T00:00:00Z'],
    ['something after it', '2026-01-01T00:00:00Z '],
    ['a line break after it', '2026-01-01T00:00:00Z\n'],
    ['nothing', ''],
  ])('refuses %s', (_, text) => {
    expect(parseInstant(text)).toBeNull();
  });
});

describe('isLocalDate', () => {
  it.each(['2026-11-22', '2024-02-29'])('%s is a day', (text) => expect(isLocalDate(text)).toBe(true));

  it.each(['2026-02-29', '2026-04-31', '2026-1-1', '20261122', '2026-11-22T00:00:00Z', ''])(
    '%j is not',
    (text) => expect(isLocalDate(text)).toBe(false),
  );
});

describe('isTimeZone', () => {
  it.each([WARSAW, TAIPEI, 'UTC', 'Etc/GMT+8', 'Asia/Calcutta', 'America/Argentina/Buenos_Aires'])(
    '%s is one',
    (zone) => expect(isTimeZone(zone)).toBe(true),
  );

  it.each(['', 'Mars/Olympus', '+01:00', '-0800', '+08', 'Europe/Warsaw '])('%j is not', (zone) =>
    expect(isTimeZone(zone)).toBe(false),
  );
});

describe('the business day', () => {
  it.each([
    ['2026-11-22T15:59:59.999Z', TAIPEI, '2026-11-22'],
    ['2026-11-22T16:00:00.000Z', TAIPEI, '2026-11-23'],
    ['2026-01-01T04:59:59.999Z', 'America/New_York', '2025-12-31'],
    // An offset that is not a whole hour: Kathmandu is 5:45 ahead.
    ['2026-01-01T18:14:59.999Z', 'Asia/Kathmandu', '2026-01-01'],
    ['2026-01-01T18:15:00.000Z', 'Asia/Kathmandu', '2026-01-02'],
  ])('of %s in %s is %s', (text, zone, day) => {
    expect(localDate(Date.parse(text), zone)).toBe(day);
  });

  it("is each zone's own at the same instant", () => {
    const instant = Date.parse('2026-11-22T18:00:00Z');
    expect([localDate(instant, WARSAW), localDate(instant, TAIPEI)]).toEqual(['2026-11-22', '2026-11-23']);
  });
});

describe('the first and last instant of a day', () => {
  it.each([
    ['an ordinary one', '2026-11-22', WARSAW, '2026-11-21T23:00:00.000Z', 24],
    ['the one that loses an hour', '2026-03-29', WARSAW, '2026-03-28T23:00:00.000Z', 23],
    ['the one that gains an hour', '2026-10-25', WARSAW, '2026-10-24T22:00:00.000Z', 25],
    [
      "one that starts at 1 o'clock, for midnight is skipped",
      '2026-04-24',
      'Africa/Cairo',
      '2026-04-23T22:00:00.000Z',
      23,
    ],
    // Clocks go back from 1:00 to 0:00: midnight comes twice, and the day starts with the first.
    ['one whose midnight comes twice', '2026-10-25', 'Atlantic/Azores', '2026-10-25T00:00:00.000Z', 25],
    ['another whose midnight comes twice', '2026-11-01', 'America/Havana', '2026-11-01T04:00:00.000Z', 25],
  ])('of %s', (_, day, zone, start, hours) => {
    expect(formatInstant(startOfDay(day, zone))).toBe(start);
    expect((endOfDay(day, zone) - startOfDay(day, zone)) / 3_600_000).toBe(hours);
  });
});

describe('calendar arithmetic', () => {
  it.each([
    ['2026-01-25', { months: 1 }, '2026-02-25'],
    ['2026-01-31', { months: 1 }, '2026-02-28'],
    ['2024-01-31', { months: 1 }, '2024-02-29'],
    ['2026-03-31', { months: -1 }, '2026-02-28'],
    ['2024-02-29', { months: 12 }, '2025-02-28'],
    ['2026-12-31', { days: 1 }, '2027-01-01'],
    ['2026-03-01', { days: -1 }, '2026-02-28'],
    // Months first: 28 February, then a day more.
    ['2026-01-31', { months: 1, days: 1 }, '2026-03-01'],
  ])('%s plus %j is %s', (day, amount, result) => {
    expect(addToDate(day, amount)).toBe(result);
  });

  it.each([
    ['2026-11-22', 'month', '2026-11-01'],
    ['2026-11-22', 'quarter', '2026-10-01'],
    ['2026-03-31', 'quarter', '2026-01-01'],
    ['2026-11-22', 'year', '2026-01-01'],
    ['2026-01-01', 'year', '2026-01-01'],
    ['2026-11-22', 'day', '2026-11-22'],
    ['2026-11-22', 'week', '2026-11-16'],
    ['2026-11-16', 'week', '2026-11-16'],
    ['2027-01-01', 'week', '2026-12-28'],
    ['2026-06-30', 'half', '2026-01-01'],
    ['2026-07-01', 'half', '2026-07-01'],
  ] as const)('%s lies in the %s from %s', (day, unit, start) => {
    expect(startOfPeriod(day, unit)).toBe(start);
  });

  it.each([
    ['2026-12-31', 'day', '2027-01-01'],
    ['2026-12-31', 'week', '2027-01-04'],
    ['2026-01-31', 'month', '2026-02-01'],
    ['2026-12-01', 'quarter', '2027-01-01'],
    ['2026-03-10', 'half', '2026-07-01'],
    ['2026-08-01', 'half', '2027-01-01'],
    ['2028-02-29', 'year', '2029-01-01'],
  ] as const)('after %s the next %s begins on %s', (day, unit, start) => {
    expect(startOfNextPeriod(day, unit)).toBe(start);
  });

  it('refuses what is not a day', () => {
    expect(() => addToDate('2026-02-30', { days: 1 })).toThrow(RangeError);
  });
});
