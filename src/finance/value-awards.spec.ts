import { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { basketBonus } from '../../test/builders/earning-rule.js';
import { purchaseLines } from '../../test/builders/purchase.js';
import { GIFT, shopOfSeveralAwards } from '../../test/builders/several-awards.js';
import { Shop, type Person } from '../../test/builders/shop.js';
import { expectLedgerToAddUp } from '../../test/invariants/ledger.js';

const gift = { origin: 'non_purchase', amount: basketBonus(5, 0) } as const;
const worth = (amountMinor: number) => ({ lines: purchaseLines({ amountMinor }) });

const lotsOf = (shop: Shop, member: Person) => [...shop.ledger(member).lots.values()];

describe('what points carry that a receipt earns', () => {
  it('is nothing where no sale brings them', () => {
    const shop = new Shop(new ConfigurationBuilder().policy().accounting().rule(gift));
    const member = shop.member();
    shop.does(shop.purchase(member));
    expect(lotsOf(shop, member)).toMatchObject([{ points: 5, allocated: 0n, valuation: null }]);
  });

  it('is nothing that is in the books before these begin, and a gift is in none', () => {
    const shop = new Shop(
      new ConfigurationBuilder()
        .policy({ booksFrom: '2026-03', expiry: { type: 'never' } })
        .accounting()
        .rule()
        .rule(gift, { key: 'gift' }),
    );
    const member = shop.member();
    shop.does(shop.purchase(member, { occurredAt: Date.parse('2026-02-27T12:00:00+01:00') }));
    expect(lotsOf(shop, member)).toMatchObject([
      { points: 10, allocated: 0n, valuation: { unallocated: 'beforeBooks' } },
      { points: 5, allocated: 0n, valuation: null },
    ]);
  });

  it.each(['authorise', 'capture'])(
    'takes goods for what they sold for before points came off (%s)',
    (mode) => {
      const shop = new Shop();
      const member = shop.member();
      shop.does(shop.purchase(member, worth(100_000)));
      const { id } = shop.does(shop.redeem(member, { points: 100, mode }));
      shop.does(shop.purchase(member, { ...worth(9_000), redemptionIds: [id] }));
      expect(lotsOf(shop, member)[1]?.valuation).toMatchObject({
        transactionPrice: '90.000000',
        goodsSsp: '100.000000',
      });
    },
  );
});

describe('the price of a receipt for which several reactors award points', () => {
  /*
   * A receipt of 100.00. 10 points by the rule and 90 by the second reactor make 100, which is silver; the promotion
   * gives 100 more. Each sells for 0.10 x 0.9 = 0.09, all 200 for 18.00, the goods for 100.00:
   * A = 100.00 x 18 / 118 = 15.254237, of which 10/200 = 0.76, 90/200 = 6.86, 100/200 = 7.63, and 84.75 for the goods.
   * Split one by one, each would have had a share of the whole price: 0.89 + 7.49 + 8.26 = 16.64.
   */
  it('is split once over all of them, after the promotion that they bring', () => {
    const shop = shopOfSeveralAwards(ConfigurationBuilder.shop().tiers({ measure: 'points' }));
    const member = shop.member();
    const answer = shop.does(shop.purchase(member));
    expect(answer).toMatchObject({ pointsGranted: 200, tierChange: { from: 'basic', to: 'silver' } });
    const valuation = { transactionPrice: '100.000000', goodsSsp: '100.000000', pointsValued: 200 };
    expect(lotsOf(shop, member)).toMatchObject([
      { rule: { id: 'base' }, points: 10, allocated: 762_712n, valuation },
      { rule: { id: 'second' }, points: 90, allocated: 6_864_407n, valuation },
      { rule: { id: 'welcome' }, points: 100, allocated: 7_627_118n, valuation },
    ]);
    expectLedgerToAddUp(shop.ledger(member));
  });

  it('leaves each movement the source that its points were awarded for', () => {
    const shop = shopOfSeveralAwards(ConfigurationBuilder.shop().tiers({ measure: 'points' }));
    const member = shop.member();
    const { id } = shop.does(shop.purchase(member));
    expect(
      shop.ledger(member).movements.map(({ points, causeType, causeId }) => [points, causeType, causeId]),
    ).toEqual([
      [10, 'purchase', id],
      [90, 'purchase', id],
      [100, 'adjustment', GIFT],
    ]);
  });
});

describe('points that fill a debt at once', () => {
  const LATER = '2026-03-20T12:00:00+01:00';

  /** A receipt gives 10 points that slide for 30 days, and 10 that end after so many days. */
  function owing(days: number) {
    const shop = new Shop(
      new ConfigurationBuilder()
        .policy({ expiry: { type: 'never' } })
        .accounting()
        .rule({ amount: basketBonus(10, 0), expiry: { type: 'sliding', days: 30 } }, { key: 'sliding' })
        .rule({ amount: basketBonus(10, 0), expiry: { type: 'days', days } }, { key: 'fixed' }),
    );
    const member = shop.member();
    return { shop, member };
  }

  /** The last receipt comes back when all but 10 points are spent: it leaves a debt of 10. */
  function spendsAndReturns(shop: Shop, member: Person, id: string): void {
    shop.does(shop.redeem(member, { points: shop.ledger(member).available - 10 }));
    shop.does(shop.returns(id));
    expect(shop.ledger(member)).toMatchObject({ available: 0, debt: 10 });
  }

  /** The rules by whose points a debt was filled as they came, with what the others of their receipt carry. */
  function filled(shop: Shop, member: Person) {
    expect(shop.ledger(member)).toMatchObject({ available: 10, debt: 0 });
    expectLedgerToAddUp(shop.ledger(member));
    const [first, second] = lotsOf(shop, member).slice(-2);
    const byDebt = [first, second].filter((lot) => lot?.valuation?.unallocated === 'debt');
    expect(byDebt.map((lot) => lot?.allocated)).toEqual([0n]);
    const [other] = [first, second].filter((lot) => !byDebt.includes(lot));
    expect(other?.valuation).toMatchObject({ pointsValued: 10 });
    expect(other?.allocated).toBeGreaterThan(0n);
    return byDebt.map((lot) => lot?.rule?.id);
  }

  it.each([
    ['the sliding ones, where they end first', 60, 'sliding'],
    ['the others, where the receipt moves the sliding ones beyond their end', 26, 'fixed'],
  ])('are %s', (_, days, expected) => {
    const { shop, member } = owing(days);
    const { id } = shop.does(shop.purchase(member));
    spendsAndReturns(shop, member, id);
    shop.at(LATER).does(shop.purchase(member));
    expect(filled(shop, member)).toEqual([expected]);
  });

  it('are the others of a late receipt, where a later one has moved the sliding ones beyond their end', () => {
    const { shop, member } = owing(35);
    shop.does(shop.purchase(member));
    const { id } = shop.at('2026-04-05T12:00:00+02:00').does(shop.purchase(member));
    spendsAndReturns(shop, member, id);
    shop.does(shop.purchase(member, { occurredAt: Date.parse('2026-03-11T12:00:00+01:00') }));
    expect(filled(shop, member)).toEqual(['fixed']);
  });
});
