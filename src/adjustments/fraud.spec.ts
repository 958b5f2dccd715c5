import { CHECKER, configured, decision, MAKER, order } from '../../test/builders/adjustment.js';
import type { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { perSpend } from '../../test/builders/earning-rule.js';
import { purchaseLines } from '../../test/builders/purchase.js';
import { Shop, type Answer, type Person } from '../../test/builders/shop.js';
import { expectLedgerToAddUp } from '../../test/invariants/ledger.js';
import type { PurchaseId } from '../kernel/ids.js';

/** One point for each 1.00, worth 1.00, of which nine of ten are redeemed; no tax. */
function open(policy: Parameters<ConfigurationBuilder['policy']>[0] = {}) {
  const shop = new Shop(
    configured()
      .policy(policy, { version: 2 })
      .accounting({ valuePerPoint: '1' }, { version: 2 })
      .rule({ amount: perSpend({ stepMinor: 100 }) }, { version: 2 }),
  );
  return { shop, person: shop.member() };
}

const buys = (shop: Shop, person: Person, amountMinor = 10_000, quantity = '1') =>
  shop.does(shop.purchase(person, { lines: purchaseLines({ amountMinor, quantity }) }));

const fraud = (shop: Shop, person: Person, receipt: Answer, body: object = {}) =>
  order(person, shop, {
    ...{ kind: 'debit', debitKind: 'fraud', reason: 'breach' },
    ...{ purchaseId: receipt['id'] as PurchaseId, ...body },
  });

const movements = (shop: Shop, person: Person, count: number) =>
  shop
    .ledger(person)
    .movements.slice(-count)
    .map(({ eventCode, from, to, points, causeType }) => [eventCode, from, to, points, causeType]);

describe('a receipt that was fraud', () => {
  it('comes back whole, as its return, and leaves all other points alone', () => {
    const { shop, person } = open();
    const other = buys(shop, person);
    const receipt = buys(shop, person);
    const made = shop.does(fraud(shop, person, receipt));
    expect(made).toMatchObject({
      ...{ kind: 'debit', debitKind: 'fraud', status: 'posted', points: -100 },
      ...{ purchaseId: receipt['id'], correctsId: null, origin: null },
      outcome: { taken: 100, expired: 0, debt: 0, forgiven: 0, elsewhere: [] },
      balance: { available: 100, debt: 0 },
    });
    expect(made['lots']).toEqual([{ lotId: receipt['grants'][0].lotId, points: 100 }]);
    expect(movements(shop, person, 1)).toEqual([['E17', 'available', 'returned', 100, 'return']]);
    expect(shop.ledger(person).movements.at(-1)?.causeId).toBe(made['outcome'].returnId);
    expect(shop.ledger(person).lots.get(other['grants'][0].lotId)?.available).toBe(100);
    expectLedgerToAddUp(shop.ledger(person));
  });

  it('tells the return under the source of its receipt and the number of the adjustment', () => {
    const { shop, person } = open();
    const made = shop.does(fraud(shop, person, buys(shop, person)));
    const [told] = shop.events(person).filter(({ type }) => type === 'purchase.returned');
    expect(told?.data).toMatchObject({
      returnId: made['outcome'].returnId,
      ...{ source: 'store-1', receiptNo: made['id'], amountMinor: 10_000, whole: true, pointsTaken: 100 },
    });
  });

  it('comes back once, and only the rest of what was returned in part', () => {
    const { shop, person } = open();
    const receipt = buys(shop, person, 10_000, '4');
    shop.does(shop.returns(receipt['id'], { lines: [{ ...ONE_UNIT }] }));
    expect(shop.does(fraud(shop, person, receipt))).toMatchObject({
      points: -75,
      outcome: { taken: 75 },
      balance: { available: 0, debt: 0 },
    });
    expect(shop.refuses(fraud(shop, person, receipt)).code).toBe('NOTHING_LEFT_TO_RETURN');
    expect(shop.refuses(shop.returns(receipt['id'])).code).toBe('NOTHING_LEFT_TO_RETURN');
  });

  it.each([
    ['debt', { debt: 80, forgiven: 0 }],
    ['forgive', { debt: 0, forgiven: 80 }],
    // No till hands money back of which it could keep some.
    ['deductFromRefund', { debt: 80, forgiven: 0 }],
  ] as const)('has its spent points dealt with by the policy %s', (returnPolicy, spent) => {
    const { shop, person } = open({ returnPolicy });
    const receipt = buys(shop, person);
    shop.does(shop.redeem(person, { points: 80 }));
    expect(shop.does(fraud(shop, person, receipt))).toMatchObject({
      points: -100,
      outcome: { taken: 20, expired: 0, ...spent },
      balance: { available: 0, debt: spent.debt },
    });
  });

  it('gives back the points that were used on it', () => {
    const { shop, person } = open({ pointsOffBasket: { minorPerPoint: 100, minimumPoints: 1 } });
    buys(shop, person);
    const used = shop.does(shop.redeem(person, { points: 60 }));
    const receipt = shop.does(
      shop.purchase(person, {
        lines: purchaseLines({ amountMinor: 5000 }),
        redemptionIds: [used['id']],
      }),
    );
    shop.does(fraud(shop, person, receipt));
    expect(shop.ledger(person)).toMatchObject({ available: 100, debt: 0 });
  });

  it('comes back though it earned nothing, for it counts for tiers', () => {
    const { shop, person } = open();
    const receipt = buys(shop, person, 50);
    expect(shop.does(fraud(shop, person, receipt))).toMatchObject({ status: 'posted', points: 0 });
    expect(shop.refuses(fraud(shop, person, receipt)).code).toBe('NOTHING_LEFT_TO_RETURN');
  });

  it('comes back now, or when it was bought where the till is fast; never dated', () => {
    const { shop, person } = open();
    const now = Date.parse('2026-03-11T12:00:00+01:00');
    shop.at('2026-03-11T12:00:00+01:00');
    const ahead = now + 200_000;
    const receipt = shop.does(
      shop.purchase(person, { occurredAt: ahead, lines: purchaseLines({ amountMinor: 10_000 }) }),
    );
    const past = { occurredAt: now - 86_400_000 };
    expect(shop.refuses(fraud(shop, person, receipt, past)).code).toBe('DEBIT_IN_PAST');
    shop.does(fraud(shop, person, receipt));
    expect(shop.ledger(person).movements.map(({ occurredAt }) => occurredAt)).toEqual([ahead, ahead]);
    expectLedgerToAddUp(shop.ledger(person));
  });

  it('waits for another key above the limit of its reason, and takes what is left by then', () => {
    const { shop, person } = open();
    const receipt = buys(shop, person, 20_000, '2');
    const asked = shop.does(fraud(shop, person, receipt, { reason: 'big' }));
    expect(asked).toMatchObject({ status: 'requested', points: -200, outcome: null, lots: [] });
    expect(shop.ledger(person).available).toBe(200);
    expect(shop.refuses(decision(shop, 'approve', asked['id'], MAKER)).code).toBe('MAKER_IS_CHECKER');
    shop.does(shop.returns(receipt['id'], { lines: [{ ...ONE_UNIT }] }));
    expect(shop.does(decision(shop, 'approve', asked['id'], CHECKER))).toMatchObject({
      ...{ status: 'posted', points: -100, purchaseId: receipt['id'] },
      outcome: { taken: 100 },
      balance: { available: 0 },
    });
  });

  it('is nothing to approve any more once it was returned', () => {
    const { shop, person } = open();
    const receipt = buys(shop, person, 20_000);
    const asked = shop.does(fraud(shop, person, receipt, { reason: 'big' }));
    shop.does(shop.returns(receipt['id']));
    expect(shop.refuses(decision(shop, 'approve', asked['id'])).code).toBe('NOTHING_LEFT_TO_RETURN');
  });

  it("is the member's own", () => {
    const { shop, person } = open();
    const receipt = buys(shop, person);
    expect(shop.refuses(fraud(shop, shop.member(), receipt)).code).toBe('PURCHASE_NOT_FOUND');
  });

  it('is not given back by a reversal', () => {
    const { shop, person } = open();
    const made = shop.does(fraud(shop, person, buys(shop, person)));
    const undo = order(person, shop, { kind: 'debitReversal', reason: 'sorry', correctsId: made['id'] });
    expect(shop.refuses(undo).code).toBe('ADJUSTMENT_NOT_REVERSIBLE');
  });
});

const ONE_UNIT = { lineNo: 1, sku: null, quantity: '1', amountMinor: null };
