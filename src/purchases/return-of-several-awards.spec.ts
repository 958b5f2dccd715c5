import { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { purchaseLines } from '../../test/builders/purchase.js';
import { shopOfSeveralAwards } from '../../test/builders/several-awards.js';
import { requested, type Person, type Shop } from '../../test/builders/shop.js';
import { expectLedgerToAddUp } from '../../test/invariants/ledger.js';
import { standingSlice } from '../tiers/index.js';

/** Two jackets at 30.00, and a coat of 40.00. Of the 90 points of the second reactor 60 % and 40 %. */
const RECEIPT = { lines: purchaseLines({ amountMinor: 6_000, quantity: '2' }, { amountMinor: 4_000 }) };
const NINETY = [
  { lineNo: 1, points: 54 },
  { lineNo: 2, points: 36 },
];
const A_JACKET = { lines: [requested({ lineNo: 1, quantity: '1' })] };
const THE_COAT = { lines: [requested({ lineNo: 2, quantity: '1' })] };

/** What the movements of a lot, or of all lots, come to in money. */
const owed = (shop: Shop, member: Person, lotId?: string) =>
  shop
    .ledger(member)
    .movements.filter((movement) => lotId === undefined || movement.lotId === lotId)
    .reduce((sum, { liability }) => sum + liability, 0n);
const lotsOf = (shop: Shop, member: Person) =>
  [...shop.ledger(member).lots.values()].map(({ lotId, rule, available }) => [
    rule?.id,
    available,
    owed(shop, member, lotId),
  ]);

/*
 * The rule gives 1 point for each 10.00: 6 for the jackets, 4 for the coat. With the 90 they are 100 points. Each sells
 * for 0.10 x 0.9 = 0.09, all for 9.00, the goods for 100.00: A = 100.00 x 9 / 109 = 8.256881, of which the 10 points
 * have 0.825688 and the 90 points 7.431193.
 */
describe('a receipt for which two reactors award points, returned in parts', () => {
  function bought(config: ConfigurationBuilder = new ConfigurationBuilder().policy().accounting().rule()) {
    const shop = shopOfSeveralAwards(config, NINETY);
    const member = shop.member();
    const { id } = shop.does(shop.purchase(member, RECEIPT));
    return { shop, member, id: id as string };
  }

  /*
   * A jacket takes half of 6 and half of 54. HU(0.825688 x 3 / 10) = 0.247706 leaves 0.577982;
   * HU(7.431193 x 27 / 90) = 2.229358 leaves 5.201835.
   */
  it('gives up of each award the share of the goods, and the money with it', () => {
    const { shop, member, id } = bought();
    expect(lotsOf(shop, member)).toEqual([
      ['base', 10, 825_688n],
      ['second', 90, 7_431_193n],
    ]);
    expect(shop.does(shop.returns(id, A_JACKET))).toMatchObject({ pointsTaken: 30 });
    expect(lotsOf(shop, member)).toEqual([
      ['base', 7, 577_982n],
      ['second', 63, 5_201_835n],
    ]);
    expectLedgerToAddUp(shop.ledger(member));
  });

  it.each([
    ['a jacket, the coat, the other jacket', [A_JACKET, THE_COAT, A_JACKET], [30, 40, 30]],
    ['the coat, and both jackets one by one', [THE_COAT, A_JACKET, A_JACKET], [40, 30, 30]],
    ['all at once', [{}], [100]],
  ])('leaves nothing behind: %s', (_, parts, taken) => {
    const { shop, member, id } = bought();
    expect(parts.map((part) => shop.does(shop.returns(id, part)).pointsTaken)).toEqual(taken);
    expect(lotsOf(shop, member)).toEqual([
      ['base', 0, 0n],
      ['second', 0, 0n],
    ]);
    expect(owed(shop, member)).toBe(0n);
    expect(shop.ledger(member)).toMatchObject({ available: 0, debt: 0 });
    expectLedgerToAddUp(shop.ledger(member));
  });

  /*
   * 80 of the 100 points are spent. The coat takes 4 and 36: of them 20 are there, and 20 become a debt.
   */
  it('makes a debt of what was spent, over both awards', () => {
    const { shop, member, id } = bought();
    shop.does(shop.redeem(member, { points: 80 }));
    expect(shop.does(shop.returns(id, THE_COAT))).toMatchObject({ pointsTaken: 20 });
    expect(shop.ledger(member)).toMatchObject({ available: 0, debt: 20 });
    expect(owed(shop, member)).toBe(0n);
    expectLedgerToAddUp(shop.ledger(member));
  });

  /*
   * 100 points make silver, and that brings 100 more, which share in the price: A = 100.00 x 18 / 118 = 15.254237, of
   * which 0.762712, 6.864407 and 7.627118. The gift is of no line: it goes with the last goods.
   */
  it('keeps what a promotion brought until the last goods are back', () => {
    const { shop, member, id } = bought(ConfigurationBuilder.shop().tiers({ measure: 'points' }));
    expect(shop.does(shop.returns(id, A_JACKET))).toMatchObject({ pointsTaken: 30 });
    // HU(0.762712 x 3 / 10) = 0.228814; HU(6.864407 x 27 / 90) = 2.059322.
    expect(lotsOf(shop, member)).toEqual([
      ['base', 7, 533_898n],
      ['second', 63, 4_805_085n],
      ['welcome', 100, 7_627_118n],
    ]);
    expect(shop.does(shop.returns(id))).toMatchObject({ pointsTaken: 170 });
    expect(lotsOf(shop, member).map(([, ...figures]) => figures)).toEqual([
      [0, 0n],
      [0, 0n],
      [0, 0n],
    ]);
    expect(owed(shop, member)).toBe(0n);
    expect(shop.ofMember(member, standingSlice).days.get('2026-03-10')).toEqual({
      spendMinor: 0,
      points: 0,
      visits: 0,
      status: 0,
    });
    expectLedgerToAddUp(shop.ledger(member));
  });
});
