import type { ExpiryPolicy } from '../../kernel/expiry-policy.js';
import type { PendingPolicy } from '../../kernel/pending-policy.js';
import { formatInstant, parseInstant } from '../../kernel/time.js';
import { awardTerms, slidingEnd } from './award-terms.js';

const ZONE = 'Europe/Warsaw';
const NOON = parseInstant('2026-02-02T12:00:00+01:00') as number;

function terms(pending: PendingPolicy, expiry: ExpiryPolicy) {
  const { availableAt, expiresAt, ...rest } = awardTerms(pending, expiry, NOON, ZONE);
  return {
    ...rest,
    availableAt: formatInstant(availableAt),
    expiresAt: expiresAt === null ? null : formatInstant(expiresAt),
  };
}

const month: ExpiryPolicy = { type: 'months', months: 1 };

describe('points that do not wait', () => {
  it('live from the receipt on', () => {
    expect(terms({ type: 'none' }, month)).toEqual({
      availableAt: '2026-02-02T11:00:00.000Z',
      expiresAt: '2026-03-02T23:00:00.000Z',
      awaits: null,
      slides: false,
      expiryPolicy: month,
    });
  });
});

describe('points pending 10 days that then live a month', () => {
  it('have their month from activation', () => {
    expect(terms({ type: 'days', days: 10 }, month)).toMatchObject({
      availableAt: '2026-02-12T23:00:00.000Z',
      // Through 13 March: they became usable with the first instant of 13 February.
      expiresAt: '2026-03-13T23:00:00.000Z',
    });
  });
});

describe('points that await an event', () => {
  it('say which, until when, and leave their expiry open', () => {
    const pending = { type: 'event', event: 'delivered', thenDays: 14, cancelAfterDays: 60 } as const;
    expect(terms(pending, month)).toEqual({
      availableAt: '2026-02-02T11:00:00.000Z',
      expiresAt: null,
      awaits: { event: 'delivered', thenDays: 14, cancelAt: Date.parse('2026-04-04T00:00:00+02:00') },
      slides: false,
      expiryPolicy: month,
    });
  });
});

describe('points that slide', () => {
  const year: ExpiryPolicy = { type: 'sliding', months: 12 };
  const end = (policies: ExpiryPolicy[], ...awards: ReturnType<typeof awardTerms>[]) => {
    const instant = slidingEnd(policies, awards, NOON, ZONE);
    return instant === null ? null : formatInstant(instant);
  };

  it('have no date of their own', () => {
    expect(terms({ type: 'none' }, year)).toMatchObject({ expiresAt: null, slides: true });
  });

  it('end so long after the receipt, whether it earned or not', () => {
    expect(end([year])).toBe('2027-02-02T23:00:00.000Z');
    expect(end([{ type: 'sliding', days: 30 }])).toBe('2026-03-04T23:00:00.000Z');
  });

  it('end by the furthest of several policies', () => {
    expect(end([{ type: 'sliding', days: 30 }, month, year, { type: 'never' }])).toBe(
      '2027-02-02T23:00:00.000Z',
    );
  });

  it('do not end before their own activation has been followed by as much', () => {
    const short: ExpiryPolicy = { type: 'sliding', days: 5 };
    expect(end([short], awardTerms({ type: 'days', days: 10 }, short, NOON, ZONE))).toBe(
      '2026-02-18T23:00:00.000Z',
    );
  });

  it('are not moved where no policy slides', () => {
    expect(end([month, { type: 'never' }], awardTerms({ type: 'none' }, month, NOON, ZONE))).toBeNull();
  });
});
