import { joins, merges, opensHousehold } from '../../test/builders/accounts.js';
import { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { purchaseLines } from '../../test/builders/purchase.js';
import { Shop, type Person } from '../../test/builders/shop.js';
import { expectLedgerToAddUp } from '../../test/invariants/ledger.js';
import type { EarningRule } from '../earning/index.js';
import type { ProgrammePolicy } from '../programmes/index.js';
import { standingSlice, type TierSet } from '../tiers/index.js';
import { giftsOf, promotionGiftsSlice } from './promotion-gifts.slice.js';

/** Silver from 100.00 on, gold from 300.00 on, in a calendar month. The shop gives a point for each 10.00. */
const LADDER: Partial<TierSet> = {
  window: { type: 'calendar', unit: 'month' },
  tiers: [
    { key: 'basic', name: 'Basic', threshold: 0 },
    { key: 'silver', name: 'Silver', threshold: 10_000 },
    { key: 'gold', name: 'Gold', threshold: 30_000 },
  ],
};
const WELCOME: Partial<EarningRule> = {
  origin: 'non_purchase',
  amount: { type: 'fixed', points: 100 },
};
const RULES: Readonly<Record<string, Partial<EarningRule>>> = {
  each: { ...WELCOME, trigger: { type: 'promotion' }, amount: { type: 'fixed', points: 7 } },
  gold: { ...WELCOME, trigger: { type: 'promotion', tier: 'gold' } },
  silver: {
    ...WELCOME,
    trigger: { type: 'promotion', tier: 'silver' },
    amount: { type: 'fixed', points: 20 },
  },
};

interface Programme {
  readonly rules?: readonly string[];
  readonly ladder?: Partial<TierSet>;
  readonly policy?: Partial<ProgrammePolicy>;
}

function shopWith({ rules = ['each', 'gold', 'silver'], ladder = {}, policy = {} }: Programme = {}): Shop {
  const config = new ConfigurationBuilder().policy(policy).accounting().rule();
  for (const key of rules) config.rule(RULES[key] ?? {}, { key });
  return new Shop(config.tiers({ ...LADDER, ...ladder }));
}

const spends = (amountMinor: number) => ({ lines: purchaseLines({ amountMinor }) });
const buys = (shop: Shop, member: Person, amountMinor: number) =>
  shop.does(shop.purchase(member, spends(amountMinor)));
const gifts = (shop: Shop, member: Person) =>
  giftsOf(shop.ofMember(shop.present(member), promotionGiftsSlice)).map(
    ({ rule, tier, points, takenBack }) => [rule.id, tier, points, takenBack],
  );
const lotsOf = (shop: Shop, member: Person) =>
  [...shop.ledger(shop.present(member)).lots.values()].map(({ rule, origin, available, allocated }) => [
    rule?.id,
    origin,
    available,
    allocated,
  ]);

describe('a gift for a promotion by a receipt', () => {
  /*
   * 10 points of the receipt and the 20 and 7 of the gifts sell for 37 x 0.10 x 0.9 = 3.33, the goods for 100.00:
   * A = 100.00 x 3.33 / 103.33 = 3.222685; the receipt's 10 have 0.870996, the 7 have 0.609697, the 20 have 1.741992.
   */
  it('shares the price of the receipt, is explained on it, and counts for no rung', () => {
    const shop = shopWith();
    const member = shop.member();
    const answer = buys(shop, member, 10_000);
    expect(answer).toMatchObject({ pointsGranted: 37, tierChange: { from: 'basic', to: 'silver' } });
    expect(lotsOf(shop, member)).toEqual([
      ['base', 'purchase', 10, 870_996n],
      ['each', 'purchase', 7, 609_697n],
      ['silver', 'purchase', 20, 1_741_992n],
    ]);
    const [, each, silver] = shop.ledger(member).movements.map(({ causeType }) => causeType);
    expect([each, silver]).toEqual(['promotion', 'promotion']);
    expect(shop.ofMember(member, standingSlice).days.get('2026-03-10')?.points).toBe(10);
    expectLedgerToAddUp(shop.ledger(member));
  });

  it('comes for each rung passed whose rule names it, and once for the promotion', () => {
    const shop = shopWith();
    const member = shop.member();
    buys(shop, member, 30_000);
    expect(gifts(shop, member)).toEqual([
      ['each', 'gold', 7, false],
      ['gold', 'gold', 100, false],
      ['silver', 'silver', 20, false],
    ]);
    buys(shop, member, 90_000);
    expect(gifts(shop, member)).toHaveLength(3);
  });

  it('is the same in a dry run, which keeps nothing', () => {
    const shop = shopWith();
    const member = shop.member();
    const { pointsGranted } = shop.does(shop.purchase(member, spends(30_000), { dryRun: true }));
    expect([pointsGranted, gifts(shop, member)]).toEqual([157, []]);
    expect(buys(shop, member, 30_000)).toMatchObject({ pointsGranted });
  });

  it('is not given to a member who was suspended', () => {
    const shop = shopWith();
    const member = shop.member();
    shop.become(member, 'suspended', shop.clock);
    buys(shop, member, 30_000);
    expect(gifts(shop, member)).toEqual([]);
  });

  it('goes into the account of the household, once for each member', () => {
    const shop = shopWith({ rules: ['gold'] });
    const [head, other] = [shop.member(), shop.member()];
    const { id } = shop.does(opensHousehold(shop, head));
    shop.does(joins(shop, other, id as string));
    buys(shop, head, 30_000);
    buys(shop, other, 30_000);
    expect(shop.ledger(shop.present(head)).available).toBe(260);
    expect(gifts(shop, other)).toEqual([['gold', 'gold', 100, false]]);
  });
});

describe('a gift whose promotion is taken back', () => {
  it('is taken back with it, by the receipt that comes back, and comes again with the next promotion', () => {
    const shop = shopWith();
    const member = shop.member();
    const first = buys(shop, member, 10_000);
    buys(shop, member, 20_000);
    expect(shop.ledger(member).available).toBe(37 + 20 + 107);
    shop.pass(1000).does(shop.returns(first.id));
    // Without the first receipt 200.00 are left: silver, which the second receipt reaches by itself.
    expect(gifts(shop, member)).toEqual([
      ['each', 'silver', 7, false],
      ['silver', 'silver', 20, false],
      ['each', 'gold', 7, true],
      ['gold', 'gold', 100, true],
    ]);
    expect(shop.ledger(member).available).toBe(20 + 7 + 20);
    buys(shop, member, 10_000);
    expect(shop.ledger(member).available).toBe(47 + 10 + 107);
    expectLedgerToAddUp(shop.ledger(member));
  });

  it('stays where other receipts justify the promotion, though the goods that brought it come back whole', () => {
    const shop = shopWith({ rules: ['gold'] });
    const member = shop.member();
    const { id } = buys(shop, member, 30_000);
    buys(shop, member, 30_000);
    shop.pass(1000).does(shop.returns(id));
    expect([gifts(shop, member), shop.ledger(member).available]).toEqual([
      [['gold', 'gold', 100, false]],
      130,
    ]);
  });

  it('stays where the programme lets promotions stand', () => {
    const shop = shopWith({ rules: ['gold'], policy: { onReturn: 'keep' } });
    const member = shop.member();
    const { id } = buys(shop, member, 30_000);
    shop.pass(1000).does(shop.returns(id));
    expect(gifts(shop, member)).toEqual([['gold', 'gold', 100, false]]);
  });

  it('is owed where it was spent', () => {
    const shop = shopWith({ rules: ['gold'], policy: { returnPolicy: 'debt' } });
    const member = shop.member();
    const { id } = buys(shop, member, 30_000);
    shop.does(shop.redeem(member, { points: 120 }));
    shop.pass(1000).does(shop.returns(id));
    expect(shop.ledger(member)).toMatchObject({ available: 0, debt: 120 });
    expectLedgerToAddUp(shop.ledger(member));
  });

  it('brings no second one where the spent points were forgiven', () => {
    const shop = shopWith({ rules: ['gold'], policy: { returnPolicy: 'forgive' } });
    const member = shop.member();
    const { id } = buys(shop, member, 30_000);
    shop.does(shop.redeem(member, { points: 130 }));
    shop.pass(1000).does(shop.returns(id));
    expect(shop.ledger(member)).toMatchObject({ available: 0, debt: 0 });
    const { explanation } = shop.does(shop.purchase(member, spends(30_000)));
    expect(explanation).toBeNull();
    expect(gifts(shop, member)).toEqual([['gold', 'gold', 100, true]]);
    expect(shop.ledger(member).available).toBe(30);
  });

  it('is not the return of an exchange that keeps the rung', () => {
    const shop = shopWith({ rules: ['gold'] });
    const member = shop.member();
    const { id } = buys(shop, member, 30_000);
    shop.pass(1000).does(shop.exchange(id, {}, shop.purchase(member, spends(30_000))));
    expect([gifts(shop, member), shop.ledger(member).available]).toEqual([
      [['gold', 'gold', 100, false]],
      130,
    ]);
  });
});

describe('a gift for a promotion without a receipt', () => {
  it('of members who were merged is a gift without a price, and none for what one of them got before', () => {
    const shop = shopWith();
    const [survivor, duplicate] = [shop.member(), shop.member()];
    buys(shop, survivor, 15_000);
    buys(shop, duplicate, 15_000);
    shop.does(merges(shop, survivor, duplicate));
    expect(gifts(shop, survivor)).toEqual([
      ['each', 'silver', 7, false],
      ['silver', 'silver', 20, false],
      ['each', 'silver', 7, false],
      ['silver', 'silver', 20, false],
      ['each', 'gold', 7, false],
      ['gold', 'gold', 100, false],
    ]);
    expect(lotsOf(shop, survivor).filter(([, origin]) => origin === 'non_purchase')).toEqual([
      ['each', 'non_purchase', 7, 0n],
      ['gold', 'non_purchase', 100, 0n],
    ]);
  });

  it('begins with the month where promotions do', () => {
    const MONTH = { type: 'calendar', unit: 'month' } as const;
    const shop = shopWith({ rules: ['gold'], ladder: { promotion: { type: 'nextPeriod', period: MONTH } } });
    const member = shop.member();
    buys(shop, member, 30_000);
    expect(gifts(shop, member)).toEqual([]);
    shop.at('2026-05-20T12:00:00+02:00').does(shop.applyDue(member));
    expect(gifts(shop, member)).toEqual([['gold', 'gold', 100, false]]);
    const [, gift] = [...shop.ledger(member).lots.values()];
    expect(gift).toMatchObject({ origin: 'non_purchase', earnedAt: Date.parse('2026-04-01T00:00:00+02:00') });
  });
});

describe('a rung that is lost and reached again', () => {
  /** Silver and gold are held to the end of the month after the one in which they were reached. */
  const MONTH = { type: 'calendar', unit: 'month' } as const;
  const ladder: Partial<TierSet> = {
    validity: { type: 'endOfPeriod', period: MONTH, days: 0 },
    demotion: 'byMeasure',
  };

  it.each([
    ['within 330 days brings nothing again', '2027-02-02', 1],
    ['after 330 days brings a gift again', '2027-02-03', 2],
  ])('%s', (_, day, count) => {
    const shop = shopWith({ rules: ['gold'], ladder });
    const member = shop.member();
    // 2026-03-10 and 330 days: 2027-02-03.
    buys(shop, member, 30_000);
    shop.at('2026-06-01T12:00:00+02:00').does(shop.applyDue(member));
    expect(shop.ofMember(member, standingSlice).place?.rung).toBe('basic');
    shop.at(`${day}T12:00:00+01:00`);
    buys(shop, member, 30_000);
    expect(gifts(shop, member)).toHaveLength(count);
  });

  it('brings nothing for a lower rung of the same rule', () => {
    const shop = shopWith({ rules: ['each'], ladder });
    const member = shop.member();
    buys(shop, member, 30_000);
    shop.at('2026-06-01T12:00:00+02:00').does(shop.applyDue(member));
    buys(shop, member, 10_000);
    expect(gifts(shop, member)).toEqual([['each', 'gold', 7, false]]);
  });
});
