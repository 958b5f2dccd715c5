import { expiryOf, slidingExpiryOf, type ExpiryPolicy, type ExpiryPeriod } from './expiry-policy.js';
import { formatInstant } from './time.js';

const WARSAW = 'Europe/Warsaw';

/** The last second at which the points still count. */
function lastUsableSecond(policy: ExpiryPolicy, availableAt: string, zone = WARSAW): string {
  const end = expiryOf(policy, Date.parse(availableAt), zone) as number;
  return formatInstant(end - 1000);
}

const oneMonth: ExpiryPolicy = { type: 'months', months: 1 };
const oneDay: ExpiryPolicy = { type: 'days', days: 1 };

describe('points that never expire', () => {
  it('have no end', () => {
    expect(expiryOf({ type: 'never' }, Date.parse('2026-01-25T10:00:00Z'), WARSAW)).toBeNull();
  });
});

describe('points that live for months', () => {
  it('earned on 25 January, count through 25 February 23:59:59', () => {
    expect(lastUsableSecond(oneMonth, '2026-01-25T10:00:00+01:00')).toBe('2026-02-25T22:59:59.000Z');
  });

  it('earned on 31 January 2026, count through 28 February', () => {
    expect(lastUsableSecond(oneMonth, '2026-01-31T10:00:00+01:00')).toBe('2026-02-28T22:59:59.000Z');
  });

  it('earned on 31 January of a leap year, count through 29 February', () => {
    expect(lastUsableSecond(oneMonth, '2028-01-31T10:00:00+01:00')).toBe('2028-02-29T22:59:59.000Z');
  });

  it('earned on 29 February, count a year later through 28 February', () => {
    const year: ExpiryPolicy = { type: 'months', months: 12 };
    expect(lastUsableSecond(year, '2028-02-29T10:00:00+01:00')).toBe('2029-02-28T22:59:59.000Z');
  });

  it('count from the business day of the programme, not from the day in UTC', () => {
    // At this instant it is 25 January in Warsaw and still the 24th in New York.
    expect(lastUsableSecond(oneMonth, '2026-01-24T23:30:00Z')).toBe('2026-02-25T22:59:59.000Z');
    expect(lastUsableSecond(oneMonth, '2026-01-24T23:30:00Z', 'America/New_York')).toBe(
      '2026-02-25T04:59:59.000Z',
    );
  });
});

describe('points that live for days', () => {
  it('earned on the night the clocks go forward, end by the summer clock', () => {
    expect(lastUsableSecond(oneDay, '2026-03-29T01:30:00Z')).toBe('2026-03-30T21:59:59.000Z');
  });

  it('earned before the night the clocks go back, end by the winter clock', () => {
    expect(lastUsableSecond(oneDay, '2026-10-24T10:00:00Z')).toBe('2026-10-25T22:59:59.000Z');
  });

  it('earned in the last second of a day, count as much as those of its first', () => {
    const first = lastUsableSecond(oneDay, '2026-06-10T00:00:00+02:00');
    expect(lastUsableSecond(oneDay, '2026-06-10T23:59:59+02:00')).toBe(first);
  });
});

describe('points that live to the end of a period', () => {
  it.each<[ExpiryPeriod, string, string]>([
    ['month', '2026-01-15', '2026-01-31'],
    ['month', '2028-02-01', '2028-02-29'],
    ['quarter', '2026-01-15', '2026-03-31'],
    ['quarter', '2026-12-31', '2026-12-31'],
    ['half', '2026-06-30', '2026-06-30'],
    ['half', '2026-07-01', '2026-12-31'],
    ['year', '2026-01-01', '2026-12-31'],
  ])('of the %s, earned on %s, count through %s', (unit, day, last) => {
    const end = expiryOf({ type: 'endOf', unit }, Date.parse(`${day}T12:00:00Z`), 'UTC') as number;
    expect(formatInstant(end - 1000)).toBe(`${last}T23:59:59.000Z`);
  });

  it.each(['2026-01-01', '2026-01-15', '2026-01-31'])(
    'after one month, earned on %s, count through 28 February',
    (day) => {
      const policy: ExpiryPolicy = { type: 'endOf', unit: 'month', after: { months: 1 } };
      expect(lastUsableSecond(policy, `${day}T10:00:00+01:00`)).toBe('2026-02-28T22:59:59.000Z');
    },
  );

  it('after days, add the days first', () => {
    const policy: ExpiryPolicy = { type: 'endOf', unit: 'quarter', after: { days: 30 } };
    expect(lastUsableSecond(policy, '2026-03-01T10:00:00+01:00')).toBe('2026-03-31T21:59:59.000Z');
    expect(lastUsableSecond(policy, '2026-03-02T10:00:00+01:00')).toBe('2026-06-30T21:59:59.000Z');
  });

  it('go by the day in the programme, at the edge of a period, too', () => {
    const policy: ExpiryPolicy = { type: 'endOf', unit: 'month' };
    // Midnight in Warsaw is still January in UTC.
    expect(lastUsableSecond(policy, '2026-01-31T23:00:00Z')).toBe('2026-02-28T22:59:59.000Z');
    expect(lastUsableSecond(policy, '2026-01-31T22:59:59Z')).toBe('2026-01-31T22:59:59.000Z');
  });
});

describe('points that live to a fixed date', () => {
  const newYear: ExpiryPolicy = { type: 'fixedDate', date: '12-31' };

  it('count through the next one, their own day included', () => {
    expect(lastUsableSecond(newYear, '2026-01-01T10:00:00+01:00')).toBe('2026-12-31T22:59:59.000Z');
    expect(lastUsableSecond(newYear, '2026-12-31T10:00:00+01:00')).toBe('2026-12-31T22:59:59.000Z');
    expect(lastUsableSecond(newYear, '2027-01-01T00:00:00+01:00')).toBe('2027-12-31T22:59:59.000Z');
  });

  it('pass over one that is too near', () => {
    const policy: ExpiryPolicy = { ...newYear, minimumDays: 30 };
    expect(lastUsableSecond(policy, '2026-12-01T10:00:00+01:00')).toBe('2026-12-31T22:59:59.000Z');
    expect(lastUsableSecond(policy, '2026-12-02T10:00:00+01:00')).toBe('2027-12-31T22:59:59.000Z');
  });

  it('of 29 February end with the 28th in a common year', () => {
    const policy: ExpiryPolicy = { type: 'fixedDate', date: '02-29' };
    expect(lastUsableSecond(policy, '2026-01-01T10:00:00+01:00')).toBe('2026-02-28T22:59:59.000Z');
    expect(lastUsableSecond(policy, '2028-01-01T10:00:00+01:00')).toBe('2028-02-29T22:59:59.000Z');
  });

  it('of one year count the days they were promised when it is over or too near', () => {
    const policy: ExpiryPolicy = { type: 'fixedDate', date: '2026-06-30', minimumDays: 7 };
    expect(lastUsableSecond(policy, '2026-01-01T10:00:00+01:00')).toBe('2026-06-30T21:59:59.000Z');
    expect(lastUsableSecond(policy, '2026-06-29T10:00:00+02:00')).toBe('2026-07-06T21:59:59.000Z');
    const bare: ExpiryPolicy = { type: 'fixedDate', date: '2026-06-30' };
    expect(lastUsableSecond(bare, '2026-08-01T10:00:00+02:00')).toBe('2026-08-01T21:59:59.000Z');
  });
});

describe('points that slide', () => {
  const policy: ExpiryPolicy = { type: 'sliding', months: 1 };
  const end = (activityAt: string, sliding: ExpiryPolicy = policy) =>
    formatInstant((slidingExpiryOf(sliding, Date.parse(activityAt), WARSAW) as number) - 1000);

  it('have no end of their own', () => {
    expect(expiryOf(policy, Date.parse('2026-01-25T10:00:00Z'), WARSAW)).toBeNull();
  });

  it('end so long after the activity', () => {
    expect(end('2026-01-31T10:00:00+01:00')).toBe('2026-02-28T22:59:59.000Z');
    expect(end('2026-03-29T01:30:00Z', { type: 'sliding', days: 1 })).toBe('2026-03-30T21:59:59.000Z');
  });

  it('are the only ones that an activity moves', () => {
    for (const other of [oneDay, oneMonth, { type: 'never' }] as const)
      expect(slidingExpiryOf(other, 0, WARSAW)).toBeNull();
  });
});
