import { expiryOf, type ExpiryPolicy } from './expiry-policy.js';
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
