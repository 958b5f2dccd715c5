import { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { Shop, type Person } from '../../test/builders/shop.js';
import type { EarningRule } from '../earning/index.js';
import type { Celebrated } from './calendar-state.js';
import { calendarSlice } from './calendar.slice.js';

const BIRTHDAY = { type: 'calendar', on: 'birthday', everyYears: 1, leapDay: '02-28' } as const;
const GIFT: Partial<EarningRule> = {
  origin: 'non_purchase',
  amount: { type: 'fixed', points: 100 },
  expiry: { type: 'never' },
  trigger: BIRTHDAY,
};

function shopWith(rule: Partial<EarningRule> = {}): Shop {
  const builder = new ConfigurationBuilder().accounting().policy();
  return new Shop(builder.rule({ ...GIFT, ...rule }, { key: 'birthday' }));
}

function born(shop: Shop, person: Partial<Celebrated>): Person {
  const member = shop.member();
  shop.celebrate(member, person);
  return member;
}

/** What a member has once everything due by an instant is applied. */
function availableAt(shop: Shop, member: Person, at: string): number {
  shop.at(at);
  const [outcome] = shop.batch(shop.applyDue(member));
  if (outcome?.kind !== 'answered') throw new Error(JSON.stringify(outcome));
  return shop.ledger(member).available;
}

describe('a gift for a birthday', () => {
  it('comes at the local midnight, once a year, and carries no money', () => {
    const shop = shopWith().at('2026-01-10T12:00:00+01:00');
    const member = born(shop, { birthDate: '1990-06-15' });
    expect(availableAt(shop, member, '2026-06-14T23:59:59+02:00')).toBe(0);
    expect(availableAt(shop, member, '2026-06-15T00:00:00+02:00')).toBe(100);
    expect(availableAt(shop, member, '2026-12-31T00:00:00+01:00')).toBe(100);
    expect(availableAt(shop, member, '2027-06-15T00:00:00+02:00')).toBe(200);
    const lots = [...shop.ledger(member).lots.values()];
    expect(lots.map(({ origin, allocated }) => [origin, allocated])).toEqual([
      ['non_purchase', 0n],
      ['non_purchase', 0n],
    ]);
  });

  it('is the same when it is given late, and when runs are repeated', () => {
    const shop = shopWith().at('2026-01-10T12:00:00+01:00');
    const member = born(shop, { birthDate: '1990-06-15' });
    expect(availableAt(shop, member, '2028-03-01T00:00:00+01:00')).toBe(200);
    expect(availableAt(shop, member, '2028-03-01T00:00:00+01:00')).toBe(200);
    const days = [...shop.ledger(member).lots.values()].map(({ earnedAt }) => earnedAt);
    expect(days).toEqual(['2026-06-14T22:00:00Z', '2027-06-14T22:00:00Z'].map((at) => Date.parse(at)));
  });

  it.each([
    ['02-28', '2027-02-28'],
    ['03-01', '2027-03-01'],
  ] as const)('of 29 February comes on %s of a common year', (leapDay, day) => {
    const shop = shopWith({ trigger: { ...BIRTHDAY, leapDay } }).at('2026-06-10T12:00:00+01:00');
    const member = born(shop, { birthDate: '1992-02-29' });
    expect(availableAt(shop, member, `${day}T00:00:00+01:00`)).toBe(100);
    expect(shop.ofMember(member, calendarSlice).last.get('birthday')).toBe(day);
    expect(availableAt(shop, member, '2028-02-28T23:59:59+01:00')).toBe(100);
    expect(availableAt(shop, member, '2028-02-29T00:00:00+01:00')).toBe(200);
  });

  it('cannot be farmed by moving the date', () => {
    const shop = shopWith().at('2026-01-10T12:00:00+01:00');
    const member = born(shop, { birthDate: '1990-06-15' });
    expect(availableAt(shop, member, '2026-06-20T00:00:00+02:00')).toBe(100);
    shop.celebrate(member, { birthDate: '1990-09-01', birthDateSince: shop.clock });
    expect(availableAt(shop, member, '2026-09-02T00:00:00+02:00')).toBe(100);
    // 2026-06-15 and 330 days: 2027-05-11.
    shop.celebrate(member, { birthDate: '1990-05-10', birthDateSince: shop.clock });
    expect(availableAt(shop, member, '2027-05-10T12:00:00+02:00')).toBe(100);
    expect(availableAt(shop, member, '2028-05-10T12:00:00+02:00')).toBe(200);
  });

  it('waits a year where the date was entered on the day, but not where the member was enrolled on it', () => {
    const shop = shopWith().at('2026-06-15T10:00:00+02:00');
    const enrolled = born(shop, { birthDate: '1990-06-15' });
    expect(availableAt(shop, enrolled, '2026-06-15T10:00:00+02:00')).toBe(100);
    const entered = born(shop, {
      birthDate: '1990-06-15',
      birthDateSince: shop.clock,
      createdAt: Date.parse('2026-01-01T00:00:00Z'),
    });
    expect(availableAt(shop, entered, '2026-06-15T20:00:00+02:00')).toBe(0);
    expect(availableAt(shop, entered, '2027-06-15T00:00:00+02:00')).toBe(100);
  });

  it('is not given to a member who is suspended at midnight, nor to a closed one', () => {
    const shop = shopWith().at('2026-01-10T12:00:00+01:00');
    const member = born(shop, { birthDate: '1990-06-15' });
    shop.become(member, 'suspended', Date.parse('2026-06-01T00:00:00Z'));
    expect(availableAt(shop, member, '2026-06-16T00:00:00+02:00')).toBe(0);
    shop.become(member, 'active', Date.parse('2026-06-17T00:00:00Z'));
    expect(availableAt(shop, member, '2026-06-18T00:00:00+02:00')).toBe(0);
    shop.celebrate(member, { over: true });
    expect(availableAt(shop, member, '2027-06-18T00:00:00+02:00')).toBe(0);
  });

  it('may have a condition on the member', () => {
    const shop = shopWith({ condition: 'member.age >= 65' }).at('2026-01-10T12:00:00+01:00');
    const [young, old] = [born(shop, { birthDate: '1990-06-15' }), born(shop, { birthDate: '1961-06-15' })];
    expect(availableAt(shop, young, '2026-06-15T00:00:00+02:00')).toBe(0);
    expect(availableAt(shop, old, '2026-06-15T00:00:00+02:00')).toBe(100);
  });
});

describe('a gift for the anniversary of enrolment', () => {
  it('comes every so many years from the enrolment on', () => {
    const trigger = { type: 'calendar', on: 'enrolment', everyYears: 5, leapDay: '02-28' } as const;
    const shop = shopWith({ trigger }).at('2026-04-02T12:00:00+02:00');
    const member = born(shop, { enrolledAt: Date.parse('2023-03-31T22:30:00Z') });
    // Enrolled on 1 April 2023 in Warsaw.
    expect(availableAt(shop, member, '2028-03-31T23:59:59+02:00')).toBe(0);
    expect(availableAt(shop, member, '2028-04-01T00:00:00+02:00')).toBe(100);
    expect(availableAt(shop, member, '2033-03-31T00:00:00+02:00')).toBe(100);
  });
});
