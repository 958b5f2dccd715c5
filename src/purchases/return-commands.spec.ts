import { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { perSpend } from '../../test/builders/earning-rule.js';
import { purchaseLines } from '../../test/builders/purchase.js';
import { requested, Shop, type Answer, type Person } from '../../test/builders/shop.js';
import { expectLedgerToAddUp } from '../../test/invariants/ledger.js';
import type { PurchaseLine } from '../kernel/domain-events.js';

const HOUR_MS = 3_600_000;
const NOON = Date.parse('2026-03-10T12:00:00+01:00');

/** One point for each 1.00. */
const onePerOne = () =>
  new ConfigurationBuilder()
    .policy()
    .accounting()
    .rule({ amount: perSpend({ stepMinor: 100 }) });

describe('a return that cannot be', () => {
  let shop: Shop;
  let member: Person;
  let order: Answer;

  beforeEach(() => {
    shop = new Shop(onePerOne());
    member = shop.member();
    const lines = purchaseLines({ amountMinor: 3000, quantity: '3' }, { amountMinor: 1000, sku: 'B-1' });
    order = shop.does(shop.purchase(member, { lines }));
  });

  const refusal = (body: Parameters<Shop['returns']>[1]) => shop.refuses(shop.returns(order.id, body));

  it('is of a receipt nobody knows', () => {
    const unknown = 'pur_01h455vb4pex5vsknk084sn02q';
    expect(shop.refuses(shop.returns(unknown))).toMatchObject({ code: 'PURCHASE_NOT_FOUND', status: 404 });
  });

  it("is of another member's receipt", () => {
    const other = shop.member();
    const command = {
      ...shop.returns(order.id, { memberNamed: true }),
      target: { kind: 'member', id: other.memberId } as const,
    };
    expect(shop.refuses(command)).toMatchObject({ code: 'PURCHASE_NOT_FOUND', status: 404 });
    expect(shop.refuses(shop.unknown(command)).code).toBe('MEMBER_NOT_FOUND');
  });

  it('is of more than is left, and the answer says how much that is', () => {
    shop.does(shop.returns(order.id, { lines: [requested({ lineNo: 1, quantity: '2' })] }));
    expect(refusal({ lines: [requested({ lineNo: 1, quantity: '1.5' })] })).toMatchObject({
      code: 'RETURN_EXCEEDS_PURCHASE',
      status: 422,
      errors: [{ pointer: '/lines/0/quantity' }],
      meta: { left: { quantity: '1', amountMinor: 1000 } },
    });
    const second = [requested({ lineNo: 2, quantity: '1' }), requested({ lineNo: 1, amountMinor: 1001 })];
    expect(refusal({ lines: second })).toMatchObject({
      code: 'RETURN_EXCEEDS_PURCHASE',
      errors: [{ pointer: '/lines/1/amountMinor' }],
    });
    expect(shop.ledger(member).available).toBe(20);
  });

  it('is of a line that the receipt does not have', () => {
    expect(refusal({ lines: [requested({ lineNo: 7, quantity: '1' })] })).toMatchObject({
      code: 'RETURN_LINE_UNKNOWN',
      status: 422,
      errors: [{ pointer: '/lines/0/lineNo' }],
    });
  });

  it('is earlier than the purchase, or in the future', () => {
    expect(refusal({ occurredAt: NOON - 1 })).toMatchObject({
      code: 'RETURN_BEFORE_PURCHASE',
      status: 422,
      errors: [{ pointer: '/occurredAt' }],
    });
    expect(refusal({ occurredAt: NOON + HOUR_MS }).code).toBe('OCCURRED_IN_FUTURE');
  });
});

describe('a return said twice', () => {
  it('is answered as the first time, and refused with another body', () => {
    const shop = new Shop(onePerOne());
    const member = shop.member();
    const order = shop.does(shop.purchase(member));
    const half = { receiptNo: 'RT-1', lines: [requested({ lineNo: 1, amountMinor: 5000 })] };
    const first = shop.does(shop.returns(order.id, half));
    const [again] = shop.batch(shop.returns(order.id, half));
    expect(again).toMatchObject({
      kind: 'answered',
      status: 200,
      replayed: true,
      body: JSON.stringify(first),
    });
    const other = { ...half, lines: [requested({ lineNo: 1, amountMinor: 4000 })] };
    expect(shop.refuses(shop.returns(order.id, other)).code).toBe('RETURN_CONFLICT');
    expect(shop.ledger(member).available).toBe(50);
  });

  it('in one batch takes goods back once', () => {
    const shop = new Shop(onePerOne());
    const order = shop.does(shop.purchase(shop.member()));
    const outcomes = shop.batch(shop.returns(order.id), shop.returns(order.id));
    expect(outcomes).toMatchObject([
      { kind: 'answered', status: 201 },
      { kind: 'refused', problem: { code: 'NOTHING_LEFT_TO_RETURN' } },
    ]);
  });

  it('for practice changes nothing', () => {
    const shop = new Shop(onePerOne());
    const member = shop.member();
    const order = shop.does(shop.purchase(member));
    const before = shop.snapshot(member);
    expect(shop.does(shop.returns(order.id, {}, { dryRun: true })).pointsTaken).toBe(100);
    expect(shop.snapshot(member)).toEqual(before);
  });
});

describe('a member who is not active', () => {
  it('brings goods back like anybody', () => {
    const shop = new Shop(onePerOne());
    const member = shop.member();
    const order = shop.does(shop.purchase(member));
    shop.become(member, 'closed');
    expect(shop.does(shop.returns(order.id))).toMatchObject({ pointsTaken: 100, balance: { available: 0 } });
  });
});

describe('goods whose receipt the till does not know', () => {
  let shop: Shop;
  let member: Person;
  const buy = (text: string, ...lines: readonly Partial<PurchaseLine>[]): Answer =>
    shop
      .at(text)
      .does(shop.purchase(member, { occurredAt: Date.parse(text), lines: purchaseLines(...lines) }));

  beforeEach(() => {
    shop = new Shop(onePerOne());
    member = shop.member();
  });

  it('are those of the latest receipts that sold such, each as far as it has any left', () => {
    const first = buy('2026-03-01T12:00:00Z', { sku: 'A', quantity: '2', amountMinor: 2000 });
    const second = buy('2026-03-02T12:00:00Z', { sku: 'A', amountMinor: 1500 }, { sku: 'B' });
    shop.at('2026-03-05T12:00:00Z');
    const answer = shop.does(shop.finds(member, [first.id, second.id], [{ sku: 'A', quantity: '2' }]));
    expect(answer.returns).toMatchObject([
      { purchaseId: second.id, pointsTaken: 15, lines: [{ lineNo: 1, quantity: '1', amountMinor: 1500 }] },
      { purchaseId: first.id, pointsTaken: 10, lines: [{ lineNo: 1, quantity: '1', amountMinor: 1000 }] },
    ]);
    expect(answer.balance.available).toBe(110);
    expect(
      shop.refuses(shop.finds(member, [first.id, second.id], [{ sku: 'A', quantity: '1.5' }])),
    ).toMatchObject({
      code: 'RETURN_EXCEEDS_PURCHASE',
      meta: { left: { quantity: '1', amountMinor: 1000 } },
    });
    shop.does(shop.finds(member, [first.id, second.id], [{ sku: 'A', amountMinor: 1000 }]));
    const again = shop.finds(member, [first.id, second.id], [{ sku: 'A', quantity: '1' }]);
    expect(shop.refuses(again).code).toBe('NOTHING_LEFT_TO_RETURN');
    expectLedgerToAddUp(shop.ledger(member));
  });

  it("are not those of another member's, nor of a receipt made later", () => {
    const own = buy('2026-03-02T12:00:00Z', { sku: 'A' });
    const later = buy('2026-03-04T12:00:00Z', { sku: 'A' });
    const other = shop.member();
    const [others] = [shop.does(shop.purchase(other, { lines: purchaseLines({ sku: 'C' }) }))];
    const sought = [own.id, later.id, others?.id];
    const unknown = shop.finds(member, sought, [{ sku: 'C', quantity: '1' }]);
    expect(shop.refuses(unknown)).toMatchObject({
      code: 'RETURN_LINE_UNKNOWN',
      errors: [{ pointer: '/lines/0/sku' }],
    });
    const early = shop.finds(member, sought, [{ sku: 'A', quantity: '1' }]);
    const before = {
      ...early,
      body: { ...(early.body as object), occurredAt: Date.parse('2026-03-03T12:00:00Z') },
    };
    expect(shop.does(before).returns).toMatchObject([{ purchaseId: own.id }]);
  });

  it('are nothing where the member bought nothing', () => {
    expect(shop.refuses(shop.finds(member, [], [{ sku: 'A', quantity: '1' }])).code).toBe(
      'RETURN_LINE_UNKNOWN',
    );
  });
});

describe('an exchange', () => {
  let shop: Shop;
  let member: Person;
  let order: Answer;

  beforeEach(() => {
    shop = new Shop(onePerOne().tiers());
    member = shop.member();
    order = shop.does(shop.purchase(member));
  });

  it('is a return and a receipt, with the number of the receipt', () => {
    const next = shop.purchase(member, { receiptNo: 'R-9', lines: purchaseLines({ amountMinor: 4000 }) });
    const answer = shop.does(shop.exchange(order.id, {}, next));
    expect(answer).toMatchObject({
      return: { purchaseId: order.id, receiptNo: 'R-9', pointsTaken: 100, tierChange: null },
      purchase: { receiptNo: 'R-9', pointsGranted: 40, tierChange: null },
      tierChange: null,
      balance: { available: 40 },
      standing: { tier: 'platinum' },
    });
    expect(shop.refuses(next).code).toBe('RECEIPT_CONFLICT');
    expect(shop.does(shop.returns(answer.purchase.id)).pointsTaken).toBe(40);
    expectLedgerToAddUp(shop.ledger(member));
  });

  it('earns by the tier that the member came with, and is looked at with both when it is done', () => {
    const tiers = [
      { key: 'basic', name: 'Basic', threshold: 0 },
      { key: 'gold', name: 'Gold', threshold: 10_000 },
    ];
    const amount = perSpend({ stepMinor: 100, tierMultipliers: { gold: '2' } });
    const twice = new ConfigurationBuilder().policy().accounting().rule({ amount }).tiers({ tiers });
    const [at, other] = [new Shop(twice), new Shop(twice)];
    for (const [each, amountMinor, tier] of [
      [at, 10_000, 'gold'],
      [other, 9_900, 'basic'],
    ] as const) {
      const person = each.member();
      const first = each.does(each.purchase(person));
      each.does(each.purchase(person, { lines: purchaseLines({ amountMinor: 0 }) }));
      const next = each.purchase(person, { lines: purchaseLines({ amountMinor }) });
      const answer = each.does(each.exchange(first.id, {}, next));
      expect(answer).toMatchObject({
        purchase: { pointsGranted: (2 * amountMinor) / 100, tierChange: null },
        return: { tierChange: null },
        tierChange: tier === 'gold' ? null : { from: 'gold', to: 'basic' },
        standing: { tier, progress: [{ value: amountMinor }] },
      });
    }
  });

  it('is all or nothing', () => {
    const before = shop.snapshot(member);
    const foreign = shop.purchase(member, { currency: 'EUR' });
    expect(shop.refuses(shop.exchange(order.id, {}, foreign)).code).toBe('CURRENCY_MISMATCH');
    const tooMuch = { lines: [requested({ lineNo: 1, quantity: '2' })] };
    expect(shop.refuses(shop.exchange(order.id, tooMuch, shop.purchase(member)))).toMatchObject({
      code: 'RETURN_EXCEEDS_PURCHASE',
      errors: [{ pointer: '/return/lines/0/quantity' }],
    });
    expect(shop.snapshot(member)).toEqual(before);
  });

  it('fills the debt of the return with the points of the receipt', () => {
    shop.does(shop.redeem(member, { points: 80 }));
    const answer = shop.does(shop.exchange(order.id, {}, shop.purchase(member)));
    expect(answer).toMatchObject({
      return: { pointsTaken: 20, pointsFromDebtPolicy: { debt: 80 } },
      purchase: { pointsGranted: 100, pointsToDebt: 80 },
      balance: { available: 20, debt: 0 },
    });
  });
});
