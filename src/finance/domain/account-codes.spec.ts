import { accountsOf, policyChanges, policyOfDay, type PolicyVersion } from './account-codes.js';

const ZONE = 'Asia/Taipei';
const at = (local: string) => Date.parse(`${local}+08:00`);
const policy = (version: number, effective: string, published: string): PolicyVersion => ({
  version,
  effectiveAt: at(effective),
  publishedAt: at(published),
  accounts: { CL_POINTS: `213${version}` },
});
const FIRST = policy(1, '2026-01-01T00:00:00', '2026-01-05T09:00:00');

describe('the policy that names the accounts of a day', () => {
  const on = (day: string, versions: readonly PolicyVersion[], knownAt: number | null = null) =>
    policyOfDay(versions, day, ZONE, knownAt)?.version;

  it('is the one in force at its end', () => {
    const second = policy(2, '2026-03-01T12:00:00', '2026-02-01T00:00:00');
    expect(['2026-02-28', '2026-03-01'].map((day) => on(day, [second, FIRST]))).toEqual([1, 2]);
    const midnight = policy(2, '2026-03-02T00:00:00', '2026-02-01T00:00:00');
    expect(['2026-03-01', '2026-03-02'].map((day) => on(day, [midnight, FIRST]))).toEqual([1, 2]);
  });

  it('is the first one for days before it, however many were published since', () => {
    const third = policy(3, '2026-06-01T00:00:00', '2026-05-01T00:00:00');
    expect(['2025-06-01', '2026-01-02'].map((day) => on(day, [third, FIRST]))).toEqual([1, 1]);
    expect(on('2026-01-01', [])).toBeUndefined();
  });

  it('does not rename the accounts of days before it was published, whatever it takes effect from', () => {
    const back = policy(2, '2026-01-15T00:00:00', '2026-04-10T10:00:00');
    expect(['2026-02-01', '2026-04-09', '2026-04-10'].map((day) => on(day, [back, FIRST]))).toEqual([
      1, 1, 2,
    ]);
    expect(policyChanges([back, FIRST], { from: '2026-01-01', to: '2026-12-31' }, ZONE, null)).toEqual([
      '2026-04-10',
    ]);
  });

  it('is the later version of two that take effect together', () => {
    const again = policy(2, '2026-01-01T00:00:00', '2026-01-05T09:00:00');
    expect(on('2026-02-01', [FIRST, again])).toBe(2);
  });

  it('is one that was known then', () => {
    const second = policy(2, '2026-03-01T00:00:00', '2026-02-20T10:00:00');
    const before = at('2026-02-20T09:59:59');
    expect(
      [null, at('2026-02-20T10:00:00'), before].map((known) => on('2026-03-05', [FIRST, second], known)),
    ).toEqual([2, 2, 1]);
    expect(policyChanges([FIRST, second], { from: '2026-01-01', to: '2026-12-31' }, ZONE, before)).toEqual(
      [],
    );
  });
});

describe('the days on which it changes', () => {
  const third = policy(3, '2026-06-01T00:00:00', '2026-05-01T00:00:00');
  const second = policy(2, '2026-03-01T00:00:00', '2026-02-20T10:00:00');
  it.each([
    ['2026-01-01', '2026-12-31', ['2026-03-01', '2026-06-01']],
    ['2026-03-01', '2026-06-01', ['2026-03-01', '2026-06-01']],
    ['2026-03-02', '2026-05-31', []],
  ])('from %s to %s', (from, to, days) => {
    expect(policyChanges([third, FIRST, second], { from, to }, ZONE, null)).toEqual(days);
  });
});

describe('accountsOf', () => {
  it('takes what the policy names and the default chart for the rest', () => {
    expect(accountsOf(FIRST)).toMatchObject({
      CL_POINTS: '2131',
      REV_POINTS: '4110-92',
      ROUNDING: '7590-90',
    });
    expect(accountsOf(undefined)).toMatchObject({ CL_POINTS: '2130-10' });
  });
});
