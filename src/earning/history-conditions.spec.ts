import { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { basketBonus } from '../../test/builders/earning-rule.js';
import { purchaseLine } from '../../test/builders/purchase.js';
import { Shop } from '../../test/builders/shop.js';

/** A shop with one rule that gives 5 points where a condition holds. */
function shopThatAsks(condition: string): Shop {
  return new Shop(
    new ConfigurationBuilder()
      .accounting()
      .policy()
      .rule({ condition, amount: basketBonus(5, 0) }),
  );
}

type Member = ReturnType<Shop['member']>;

/** Posts a receipt. @returns its id and what the rule gave. */
function buy(shop: Shop, member: Member, at: string, amountMinor = 10_000) {
  const lines = [purchaseLine({ amountMinor, taxMinor: 0 })];
  const [outcome] = shop.batch(shop.purchase(member, { occurredAt: Date.parse(at), lines }));
  if (outcome?.kind !== 'answered') throw new Error(JSON.stringify(outcome));
  const { id } = JSON.parse(outcome.body) as { id: string };
  const [{ points } = { points: NaN }] = outcome.explanation as { points: number }[];
  return { id, points };
}

const giveBack = (shop: Shop, purchaseId: string, amountMinor?: number) => {
  const lines = [{ lineNo: 1, sku: null, quantity: null, amountMinor: amountMinor ?? null }];
  const [outcome] = shop.batch(shop.returns(purchaseId, amountMinor === undefined ? {} : { lines }));
  if (outcome?.kind !== 'answered') throw new Error(JSON.stringify(outcome));
};

describe('the first purchase', () => {
  const first = () => shopThatAsks('history.isFirstPurchase');

  it('is the one before which there was none', () => {
    const shop = first();
    const [ann, bob] = [shop.member(), shop.member()];
    expect(buy(shop, ann, '2026-03-10T10:00:00+01:00').points).toBe(5);
    expect(buy(shop, ann, '2026-03-10T11:00:00+01:00').points).toBe(0);
    expect(buy(shop, bob, '2026-03-10T12:00:00+01:00').points).toBe(5);
  });

  it('comes again once all receipts before it are returned whole, not in part', () => {
    const shop = first();
    const ann = shop.member();
    const { id } = buy(shop, ann, '2026-03-02T10:00:00+01:00');
    giveBack(shop, id, 4_000);
    expect(buy(shop, ann, '2026-03-03T10:00:00+01:00').points).toBe(0);
    const other = shop.member();
    giveBack(shop, buy(shop, other, '2026-03-02T10:00:00+01:00').id);
    expect(buy(shop, other, '2026-03-03T10:00:00+01:00').points).toBe(5);
  });

  it('is judged by what is known then: a receipt of before that comes late changes nothing any more', () => {
    const shop = first();
    const ann = shop.member();
    expect(buy(shop, ann, '2026-03-10T10:00:00+01:00').points).toBe(5);
    expect(buy(shop, ann, '2026-03-10T09:00:00+01:00').points).toBe(5);
    expect(buy(shop, ann, '2026-03-09T10:00:00+01:00').points).toBe(5);
    expect(buy(shop, ann, '2026-03-10T09:30:00+01:00').points).toBe(0);
  });

  it('is not one of two receipts of the same instant twice', () => {
    const shop = first();
    const ann = shop.member();
    expect(buy(shop, ann, '2026-03-10T10:00:00+01:00').points).toBe(5);
    expect(buy(shop, ann, '2026-03-10T10:00:00+01:00').points).toBe(0);
  });

  it('is none that was made while the member was suspended', () => {
    const shop = first();
    const ann = shop.member('suspended');
    expect(buy(shop, ann, '2026-03-09T10:00:00+01:00').points).toBe(0);
    shop.become(ann, 'active');
    expect(buy(shop, ann, '2026-03-10T10:00:00+01:00').points).toBe(5);
  });
});

describe('purchases, visits and money of a window', () => {
  it.each([
    ['history.purchases("7 days") == 3', 'three receipts of 4 to 9 March'],
    ['history.visits("7 days") == 2', 'on two days'],
    ['history.spend("7 days") == 60000', 'of 100, 200 and 300'],
    ['history.purchases("8 days") == 4', 'and the one of 3 March'],
    ['history.purchases("this day") == 0', 'none today before it'],
    ['history.visits("this month") == 3', 'four in March, on three days'],
    ['history.spend("this month") == 100000', 'of 1000 together'],
    ['history.spend("this quarter") == 150000', 'and 500 in January'],
    ['history.purchases("lifetime") == 6', 'all six'],
    ['history.spend("lifetime") == 210000', 'of 2,100 together'],
    ['history.visits("fiscal year from 2") == 3', 'since 1 February'],
    ['history.visits("membership year") == 4', 'since 1 January, for the enrolment was on one'],
    ['history.purchases("since tier") == 6', 'all, for the member is on the first rung'],
    ['history.daysSinceLastVisit == 1', 'the last on 9 March'],
  ])('%s: %s', (condition) => {
    const shop = shopThatAsks(condition);
    const ann = shop.member();
    for (const [at, amount] of [
      ['2025-11-20T10:00:00+01:00', 60_000],
      ['2026-01-15T10:00:00+01:00', 50_000],
      ['2026-03-03T10:00:00+01:00', 40_000],
      ['2026-03-05T10:00:00+01:00', 10_000],
      ['2026-03-05T23:59:59+01:00', 20_000],
      ['2026-03-09T10:00:00+01:00', 30_000],
    ] as const)
      buy(shop, ann, at, amount);
    expect(buy(shop, ann, '2026-03-10T10:00:00+01:00').points).toBe(5);
  });

  it('are less what came back, and follow no receipt of later', () => {
    const shop = shopThatAsks('history.spend("30 days") == 7000 && history.purchases("30 days") == 1');
    const ann = shop.member();
    giveBack(shop, buy(shop, ann, '2026-03-01T10:00:00+01:00').id, 3_000);
    giveBack(shop, buy(shop, ann, '2026-03-02T10:00:00+01:00').id);
    buy(shop, ann, '2026-03-10T11:59:00+01:00');
    expect(buy(shop, ann, '2026-03-10T11:00:00+01:00').points).toBe(5);
  });
});

describe('what a condition read of the history', () => {
  it('stands in the explanation, and is not judged again when goods come back', () => {
    const shop = shopThatAsks('history.isFirstPurchase && receipt.amountMinor >= 5000');
    const ann = shop.member();
    const first = buy(shop, ann, '2026-03-09T10:00:00+01:00');
    // Not the first any more by today's knowledge.
    buy(shop, ann, '2026-03-08T10:00:00+01:00');
    giveBack(shop, first.id, 4_000);
    expect(shop.ledger(ann).available).toBe(10);
    giveBack(shop, first.id, 2_000);
    expect(shop.ledger(ann).available).toBe(5);
  });

  it('is kept of a rule that lost in its group, which may win with what is left', () => {
    const group = { key: 'g', combine: 'best' } as const;
    const config = new ConfigurationBuilder()
      .accounting()
      .policy()
      .rule({ group, amount: basketBonus(100, 8_000) })
      .rule({ group, condition: 'history.isFirstPurchase', amount: basketBonus(40, 0) }, { key: 'first' });
    const shop = new Shop(config);
    const ann = shop.member();
    const bought = buy(shop, ann, '2026-03-09T10:00:00+01:00');
    expect([bought.points, shop.ledger(ann).available]).toEqual([100, 100]);
    // Not the first any more by today's knowledge; it gives 40 of its own.
    buy(shop, ann, '2026-03-08T10:00:00+01:00', 1_000);
    expect(shop.ledger(ann).available).toBe(140);
    giveBack(shop, bought.id, 5_000);
    expect(shop.ledger(ann).available).toBe(80);
  });
});
