import { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { basketBonus, perSpend } from '../../test/builders/earning-rule.js';
import { purchaseLines } from '../../test/builders/purchase.js';
import { Shop } from '../../test/builders/shop.js';
import { expectLedgerToAddUp } from '../../test/invariants/ledger.js';

/** One point for each 1.00; spent points are kept of the refund. */
function onePerOne(policy: object = {}): ConfigurationBuilder {
  return new ConfigurationBuilder()
    .policy({ returnPolicy: 'deductFromRefund', ...policy })
    .accounting()
    .rule({ amount: perSpend({ stepMinor: 100 }) });
}
const oneLine = (amountMinor: number) => ({ lines: purchaseLines({ amountMinor }) });

describe('money kept of a refund for points that were spent', () => {
  it('is for as many points as it pays for, and the rest is owed', () => {
    const shop = new Shop(onePerOne());
    const member = shop.member();
    const order = shop.does(shop.purchase(member, { lines: purchaseLines({ amountMinor: 300 }) }));
    const big = { pointsOffBasket: { minorPerPoint: 170, minimumPoints: 1 } };
    shop.does(shop.redeem(member, { points: 3 }));
    expect(shop.does(shop.returns(order.id)).pointsFromDebtPolicy).toEqual({
      ...{ debt: 0, forgiven: 0, keepFromRefundMinor: 30 },
    });
    const dear = new Shop(onePerOne(big));
    const other = dear.member();
    const bought = dear.does(dear.purchase(other, { lines: purchaseLines({ amountMinor: 300 }) }));
    dear.does(dear.redeem(other, { points: 3 }));
    expect(dear.does(dear.returns(bought.id))).toMatchObject({
      pointsFromDebtPolicy: { debt: 2, forgiven: 0, keepFromRefundMinor: 170 },
      balance: { debt: 2 },
    });
  });

  it.each(['points', 'discount'] as const)('is no more than comes back in money, beside %s', (kind) => {
    const config = onePerOne().rule({ amount: basketBonus(100, 0) }, { key: 'bonus' });
    const shop = new Shop(config);
    const member = shop.member();
    shop.does(shop.purchase(member, oneLine(95_000)));
    const redemptionIds = kind === 'points' ? [shop.does(shop.redeem(member, { points: 950 })).id] : [];
    const tenders = [
      { type: 'other', kind, amountMinor: 9_500 },
      { type: 'card', kind: 'money' as const, amountMinor: 500 },
    ];
    const order = shop.does(shop.purchase(member, { ...oneLine(10_000), redemptionIds, tenders }));
    expect(order.pointsGranted).toBe(105);
    shop.does(shop.redeem(member, { points: shop.ledger(member).available }));
    const debt = kind === 'points' ? 0 : 55;
    // 5.00 go back in money, which pays for 50 points at 0.10; the points that come back fill what is owed.
    expect(shop.does(shop.returns(order.id))).toMatchObject({
      pointsFromDebtPolicy: { debt, keepFromRefundMinor: 500 },
      balance: { available: kind === 'points' ? 895 : 0, debt },
    });
    expectLedgerToAddUp(shop.ledger(member));
  });

  it('leaves other points alone', () => {
    const shop = new Shop(onePerOne());
    const member = shop.member();
    const first = shop.does(shop.purchase(member, oneLine(5000)));
    shop.does(shop.purchase(member, oneLine(5000)));
    shop.does(shop.redeem(member, { points: 50 }));
    const answer = shop.does(shop.returns(first.id));
    expect(answer).toMatchObject({
      pointsTaken: 0,
      pointsFromDebtPolicy: { debt: 0, keepFromRefundMinor: 500 },
      balance: { available: 50 },
    });
  });
});

describe('the money of a return', () => {
  const bought = (redeemed: number, off: object) => {
    const shop = new Shop(onePerOne({ pointsOffBasket: { minorPerPoint: 100, minimumPoints: 1 } }));
    const member = shop.member();
    shop.does(shop.purchase(member, oneLine(10_000)));
    const { id } = shop.does(shop.redeem(member, { points: redeemed }));
    return { shop, order: shop.does(shop.purchase(member, { redemptionIds: [id], ...off })) };
  };

  it('is what the goods came to without what points had paid, and what each redemption had paid', () => {
    const tenders = [
      { type: 'points', amountMinor: 6_300 },
      { type: 'cash', amountMinor: 354_600 },
    ];
    const { shop, order } = bought(63, { ...oneLine(360_900), tenders });
    expect(shop.does(shop.returns(order.id))).toMatchObject({
      refundMinor: 354_600,
      redemptions: [{ points: 63, discountMinor: 6_300 }],
    });
  });

  it('adds up to the whole over returns in part', () => {
    const tenders = [{ type: 'points', amountMinor: 1_000 }];
    const { shop, order } = bought(10, { ...oneLine(3_333), tenders });
    const parts = [1_111, 1_111, 1_111].map((amountMinor) =>
      shop.does(
        shop.returns(order.id, {
          whole: false,
          lines: [{ lineNo: 1, sku: null, quantity: null, amountMinor }],
        }),
      ),
    );
    const sum = (of: (part: (typeof parts)[number]) => number) =>
      parts.reduce((total, part) => total + of(part), 0);
    expect(sum(({ refundMinor }) => refundMinor as number)).toBe(2_333);
    const discounts = parts.flatMap(({ redemptions }) => redemptions as { discountMinor: number }[]);
    expect(discounts.reduce((total, { discountMinor }) => total + discountMinor, 0)).toBe(1_000);
  });
});
