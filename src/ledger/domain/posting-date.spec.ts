import type { CauseType } from '../../kernel/domain-events.js';
import { effectiveDay, endsADay, isLate, postingDate, postsBy, type PostingFacts } from './posting-date.js';

const facts = (overrides: Partial<PostingFacts> = {}): PostingFacts => ({
  effectiveOn: '2026-01-28',
  recordedOn: '2026-02-10',
  by: 'effective',
  beyondBound: false,
  issuedOn: null,
  earliestOpenDay: null,
  ...overrides,
});

describe('the posting date', () => {
  it.each([
    ['what is granted, used or over: when it happened', {}, '2026-01-28'],
    ['what takes back or corrects: when it was recorded', { by: 'recorded' }, '2026-02-10'],
    ['dated further back than allowed: when it was recorded', { beyondBound: true }, '2026-02-10'],
    ['in a closed period: the first day of the next one', { earliestOpenDay: '2026-02-01' }, '2026-02-01'],
    ['in an open period: as it is', { earliestOpenDay: '2026-01-01' }, '2026-01-28'],
    ['before its lot was issued: with the issue', { issuedOn: '2026-02-03' }, '2026-02-03'],
    ['on the day of the issue: as it is', { issuedOn: '2026-01-28' }, '2026-01-28'],
    [
      'a closed period and an issue after it: with the issue',
      { earliestOpenDay: '2026-02-01', issuedOn: '2026-02-03' },
      '2026-02-03',
    ],
    [
      'recorded by a clock behind that of the issue: with the issue',
      { by: 'recorded', issuedOn: '2026-02-11' },
      '2026-02-11',
    ],
  ] as const)('%s', (_, overrides, expected) => {
    expect(postingDate(facts(overrides))).toBe(expected);
  });
});

describe('what a movement is posted by', () => {
  const by = (
    type: CauseType,
    ...[from, to]: [Parameters<typeof postsBy>[1], Parameters<typeof postsBy>[2]]
  ) => postsBy({ type, id: '' }, from, to);

  it('is when it happened for grants, redemptions, expiries and transfers', () => {
    expect(by('purchase', 'issued', 'available')).toBe('effective');
    expect(by('redemption', 'available', 'redeemed')).toBe('effective');
    expect(by('redemption', 'held', 'available')).toBe('effective');
    expect(by('expiry', 'available', 'expired')).toBe('effective');
    expect(by('activation', 'pending', 'cancelled')).toBe('effective');
    expect(by('transfer', 'issued', 'available')).toBe('effective');
  });

  it('is when it was recorded for returns, reversals and adjustments', () => {
    expect(by('return', 'available', 'returned')).toBe('recorded');
    expect(by('return', 'none', 'debt')).toBe('recorded');
    expect(by('purchase', 'pending', 'cancelled')).toBe('recorded');
    expect(by('redemption', 'redeemed', 'available')).toBe('recorded');
    expect(by('adjustment', 'issued', 'available')).toBe('recorded');
    expect(by('adjustment', 'available', 'cancelled')).toBe('recorded');
  });
});

describe('the day on which something happened', () => {
  const midnight = Date.parse('2026-02-01T00:00:00+08:00');

  it("is that of the programme's zone, and of what ends a day that day", () => {
    expect(effectiveDay(midnight, false, 'Asia/Taipei')).toBe('2026-02-01');
    expect(effectiveDay(midnight, true, 'Asia/Taipei')).toBe('2026-01-31');
    expect(effectiveDay(midnight, false, 'UTC')).toBe('2026-01-31');
    expect(endsADay({ type: 'expiry' }, 'expired')).toBe(true);
    expect(endsADay({ type: 'activation' }, 'cancelled')).toBe(true);
    expect(endsADay({ type: 'activation' }, 'available')).toBe(false);
    expect(endsADay({ type: 'purchase' }, 'available')).toBe(false);
  });

  it('is late where it is of another month than the posting date', () => {
    expect(isLate('2026-01-31', '2026-02-02')).toBe(true);
    expect(isLate('2026-02-01', '2026-02-02')).toBe(false);
    expect(isLate('2025-02-01', '2026-02-01')).toBe(true);
  });
});
