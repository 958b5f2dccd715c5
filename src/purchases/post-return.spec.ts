import { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { basketBonus, perSpend, perUnit } from '../../test/builders/earning-rule.js';
import { purchaseLines } from '../../test/builders/purchase.js';
import { requested, Shop, type Answer, type Person } from '../../test/builders/shop.js';
import { expectLedgerToAddUp } from '../../test/invariants/ledger.js';

/** One point for each 1.00. */
const ONE_PER_ONE = { amount: perSpend({ stepMinor: 100 }) };
const oneLine = (amountMinor: number, quantity = '1') => ({
  lines: purchaseLines({ amountMinor, quantity }),
});
const units = (lineNo: number, quantity: string) => requested({ lineNo, quantity });
const money = (lineNo: number, amountMinor: number) => requested({ lineNo, amountMinor });

function onePerOne(): ConfigurationBuilder {
  return new ConfigurationBuilder().policy().accounting().rule(ONE_PER_ONE);
}

/** Points given freely that belong to no receipt that comes back. */
function withPoints(shop: Shop, member: Person, points: number): void {
  shop.does(shop.purchase(member, oneLine(points * 100)));
}

function available(shop: Shop, member: Person): number {
  expectLedgerToAddUp(shop.ledger(member));
  return shop.ledger(member).available;
}

describe('a return, by the table of scenarios', () => {
  it('start 200; the order earns 70 and spends 150 (120 left); full return: 200', () => {
    const shop = new Shop(onePerOne());
    const member = shop.member();
    withPoints(shop, member, 200);
    const used = shop.does(shop.redeem(member, { points: 150 }));
    const order = shop.does(shop.purchase(member, { ...oneLine(7000), redemptionIds: [used.id] }));
    expect(available(shop, member)).toBe(120);
    expect(shop.does(shop.returns(order.id))).toMatchObject({
      pointsTaken: 70,
      redemptions: [{ id: used.id, points: 150 }],
      pointsFromDebtPolicy: { debt: 0 },
      balance: { available: 200, debt: 0 },
      notices: [],
    });
    expect(available(shop, member)).toBe(200);
  });

  it('gives a redemption back before it takes points, so that nothing runs into debt on the way', () => {
    const shop = new Shop(onePerOne());
    const member = shop.member();
    withPoints(shop, member, 150);
    const used = shop.does(shop.redeem(member, { points: 150 }));
    const order = shop.does(shop.purchase(member, { ...oneLine(7000), redemptionIds: [used.id] }));
    shop.does(shop.redeem(member, { points: 70 }));
    const answer = shop.does(shop.returns(order.id));
    expect(answer).toMatchObject({ pointsTaken: 70, pointsFromDebtPolicy: { debt: 0 } });
    expect(available(shop, member)).toBe(80);
  });

  it('order of 40: A 10 (bonus 10), B 10 (bonus 20), C 20 (no bonus), plus 1 per 1; return C: 20 taken', () => {
    const only = (category: string) => ({ lines: { includeCategories: [category], excludeCategories: [] } });
    const config = onePerOne()
      .rule({ amount: basketBonus(10, 1000), ...only('a') }, { key: 'bonus-a' })
      .rule({ amount: basketBonus(20, 1000), ...only('b') }, { key: 'bonus-b' });
    const shop = new Shop(config);
    const member = shop.member();
    const lines = purchaseLines(
      { amountMinor: 1000, category: 'a' },
      { amountMinor: 1000, category: 'b' },
      { amountMinor: 2000, category: 'c' },
    );
    const order = shop.does(shop.purchase(member, { lines }));
    expect(order.pointsGranted).toBe(70);
    expect(shop.does(shop.returns(order.id, { lines: [units(3, '1')] })).pointsTaken).toBe(20);
    expect(shop.does(shop.returns(order.id, { lines: [units(2, '1')] })).pointsTaken).toBe(30);
    expect(shop.does(shop.returns(order.id)).pointsTaken).toBe(20);
    expect(available(shop, member)).toBe(0);
  });

  it.each([
    ['doubles', { amount: basketBonus(100, 5000) }],
    ['is ended', { amount: basketBonus(50, 5000), active: false }],
  ])('50 points for 50; then the rule %s; full return: 50', (_, later) => {
    const config = new ConfigurationBuilder()
      .policy()
      .accounting()
      .rule({ amount: basketBonus(50, 5000) })
      .rule(later, { version: 2, from: '2026-03-11T00:00:00Z' });
    const shop = new Shop(config);
    const member = shop.member();
    const order = shop.does(shop.purchase(member, oneLine(5000)));
    expect(order.pointsGranted).toBe(50);
    shop.at('2026-03-12T12:00:00+01:00');
    expect(shop.does(shop.returns(order.id)).pointsTaken).toBe(50);
  });

  it('2 x 10, 20 points; return one, the other, and again: 10, 0, refused', () => {
    const shop = new Shop(onePerOne());
    const member = shop.member();
    const order = shop.does(shop.purchase(member, oneLine(2000, '2')));
    const one = () => shop.returns(order.id, { lines: [units(1, '1')] });
    expect(shop.does(one()).balance.available).toBe(10);
    expect(shop.does(one()).balance.available).toBe(0);
    expect(shop.refuses(one())).toMatchObject({ code: 'NOTHING_LEFT_TO_RETURN', status: 409 });
  });

  it.each([
    ['debt', { debt: 80, forgiven: 0, keepFromRefundMinor: 0 }],
    ['deductFromRefund', { debt: 0, forgiven: 0, keepFromRefundMinor: 800 }],
    ['forgive', { debt: 0, forgiven: 80, keepFromRefundMinor: 0 }],
  ] as const)('earned 100, spent 80, full return under %s', (returnPolicy, expected) => {
    const shop = new Shop(onePerOne().policy({ returnPolicy }, { version: 2 }));
    const member = shop.member();
    const order = shop.does(shop.purchase(member, oneLine(10_000)));
    shop.does(shop.redeem(member, { points: 80 }));
    expect(shop.does(shop.returns(order.id))).toMatchObject({
      pointsTaken: 20,
      takenFrom: [{ lotId: order.grants[0].lotId, points: 20 }],
      pointsFromDebtPolicy: expected,
      balance: { available: 0, debt: expected.debt, total: 0 },
    });
    available(shop, member);
  });

  it('debt 80, then earns 100: 80 fill the debt, 20 available', () => {
    const shop = new Shop(onePerOne());
    const member = shop.member();
    const order = shop.does(shop.purchase(member, oneLine(10_000)));
    shop.does(shop.redeem(member, { points: 80 }));
    shop.does(shop.returns(order.id));
    expect(shop.does(shop.purchase(member, oneLine(10_000)))).toMatchObject({
      pointsGranted: 100,
      pointsToDebt: 80,
      balance: { available: 20, debt: 0 },
    });
    available(shop, member);
  });
});

describe('what a part of a line takes', () => {
  it('is its share of each grant, whichever way it comes back', () => {
    const shop = new Shop(onePerOne());
    const member = shop.member();
    const lines = purchaseLines({ amountMinor: 1000, quantity: '3' }, { amountMinor: 999 });
    const order = shop.does(shop.purchase(member, { lines }));
    expect(order.grants[0].lines).toEqual([
      { lineNo: 1, points: 10 },
      { lineNo: 2, points: 9 },
    ]);
    const first = shop.does(shop.returns(order.id, { lines: [units(1, '1')] }));
    expect(first.lines).toEqual([{ lineNo: 1, quantity: '1', amountMinor: 333, taxMinor: 0 }]);
    expect(first.pointsTaken).toBe(3);
    const second = shop.does(shop.returns(order.id, { lines: [units(1, '1'), money(2, 500)] }));
    expect(second.lines).toEqual([
      { lineNo: 1, quantity: '1', amountMinor: 334, taxMinor: 0 },
      { lineNo: 2, quantity: '0', amountMinor: 500, taxMinor: 0 },
    ]);
    expect(second.pointsTaken).toBe(3 + 4);
    expect(shop.does(shop.returns(order.id)).pointsTaken).toBe(4 + 5);
    expect(available(shop, member)).toBe(0);
  });

  it('is a point a piece where the rule gives a point a piece, whatever a piece comes to', () => {
    const shop = new Shop(new ConfigurationBuilder().policy().accounting().rule({ amount: perUnit() }));
    const order = shop.does(shop.purchase(shop.member(), oneLine(1000, '3')));
    const one = () => shop.does(shop.returns(order.id, { lines: [units(1, '1')] })).pointsTaken;
    expect([one(), one(), one()]).toEqual([1, 1, 1]);
  });

  it('leaves a threshold bonus alone until the rest of the basket no longer reaches it', () => {
    const shop = new Shop(
      new ConfigurationBuilder()
        .policy()
        .accounting()
        .rule({ amount: basketBonus(50, 5000) }),
    );
    const member = shop.member();
    const order = shop.does(shop.purchase(member, { lines: purchaseLines({ amountMinor: 6000 }) }));
    expect(shop.does(shop.returns(order.id, { lines: [money(1, 1000)] })).pointsTaken).toBe(0);
    expect(shop.does(shop.returns(order.id, { lines: [money(1, 1)] })).pointsTaken).toBe(50);
    expect(shop.does(shop.returns(order.id)).pointsTaken).toBe(0);
  });

  it('takes a bonus for any basket with the last goods', () => {
    const shop = new Shop(
      new ConfigurationBuilder()
        .policy()
        .accounting()
        .rule({ amount: basketBonus(5, 0) }),
    );
    const order = shop.does(shop.purchase(shop.member(), oneLine(2000, '2')));
    expect(shop.does(shop.returns(order.id, { lines: [units(1, '1')] })).pointsTaken).toBe(0);
    expect(shop.does(shop.returns(order.id)).pointsTaken).toBe(5);
  });
});

describe('where the points come from', () => {
  it('is the receipt itself first, whatever else there is, then what fills the debt', () => {
    const shop = new Shop(onePerOne());
    const member = shop.member();
    const first = shop.does(shop.purchase(member, oneLine(5000)));
    const second = shop.does(shop.purchase(member, oneLine(5000)));
    shop.does(shop.redeem(member, { points: 70 }));
    // 50 of the first and 20 of the second are spent.
    const answer = shop.does(shop.returns(first.id));
    expect(answer).toMatchObject({
      pointsTaken: 30,
      takenFrom: [{ lotId: second.grants[0].lotId, points: 30 }],
      pointsFromDebtPolicy: { debt: 20 },
      balance: { available: 0, debt: 20 },
    });
    available(shop, member);
  });

  it('counts held points as spent; when the hold is given up they fill the debt', () => {
    const shop = new Shop(onePerOne());
    const member = shop.member();
    const order = shop.does(shop.purchase(member, oneLine(10_000)));
    const hold = shop.does(shop.redeem(member, { points: 80, mode: 'authorise' }));
    expect(shop.does(shop.returns(order.id)).balance).toMatchObject({ available: 0, held: 80, debt: 80 });
    expect(shop.does(shop.void(hold.id)).balance).toMatchObject({ available: 0, held: 0, debt: 0 });
    available(shop, member);
  });

  it('takes nothing for points that expired: without the receipt they would not be there either', () => {
    const shop = new Shop(onePerOne().policy({ expiry: { type: 'days', days: 10 } }, { version: 2 }));
    const member = shop.member();
    const order = shop.does(shop.purchase(member, oneLine(10_000, '2')));
    shop.does(shop.redeem(member, { points: 30 }));
    shop.at('2026-04-10T12:00:00+02:00');
    withPoints(shop, member, 100);
    const half = shop.does(shop.returns(order.id, { lines: [units(1, '1')] }));
    expect(half).toMatchObject({ pointsTaken: 0, pointsGone: 50, pointsFromDebtPolicy: { debt: 0 } });
    const rest = shop.does(shop.returns(order.id));
    expect(rest).toMatchObject({ pointsTaken: 30, pointsGone: 20, pointsFromDebtPolicy: { debt: 0 } });
    expect(available(shop, member)).toBe(70);
  });

  it('takes waiting points as well, and before usable ones', () => {
    const shop = new Shop(onePerOne().policy({ pending: { type: 'days', days: 14 } }, { version: 2 }));
    const member = shop.member();
    const order = shop.does(shop.purchase(member, oneLine(10_000)));
    expect(order).toMatchObject({ grants: [{ state: 'pending' }], balance: { pending: 100 } });
    expect(shop.does(shop.returns(order.id, { lines: [money(1, 4000)] })).balance.pending).toBe(60);
    shop.at('2026-03-25T12:00:00+01:00');
    expect(shop.does(shop.returns(order.id)).pointsTaken).toBe(60);
    expect(available(shop, member)).toBe(0);
  });

  it('takes only waiting points where that is asked for, and says what stays', () => {
    const config = onePerOne().rule(
      { amount: basketBonus(30, 0), pending: { type: 'days', days: 14 } },
      { key: 'later' },
    );
    const shop = new Shop(config);
    const member = shop.member();
    const order = shop.does(shop.purchase(member, oneLine(10_000)));
    const answer = shop.does(shop.returns(order.id, { onlyPending: true }));
    expect(answer).toMatchObject({
      pointsTaken: 30,
      notTaken: 100,
      pointsFromDebtPolicy: { debt: 0, forgiven: 0, keepFromRefundMinor: 0 },
      balance: { available: 100, pending: 0 },
    });
  });

  it('opens a debt again that its points had filled, and fills it from what there is now', () => {
    const shop = new Shop(onePerOne());
    const member = shop.member();
    const first = shop.does(shop.purchase(member, oneLine(10_000)));
    shop.does(shop.redeem(member, { points: 80 }));
    shop.does(shop.returns(first.id));
    const second = shop.does(shop.purchase(member, oneLine(10_000)));
    const third = shop.does(shop.purchase(member, oneLine(5000)));
    const answer = shop.does(shop.returns(second.id));
    expect(answer).toMatchObject({
      pointsTaken: 70,
      takenFrom: [
        // Its first lot had filled the debt.
        { lotId: second.grants[1].lotId, points: 20 },
        { lotId: third.grants[0].lotId, points: 50 },
      ],
      pointsFromDebtPolicy: { debt: 30 },
      balance: { available: 0, debt: 30 },
    });
    available(shop, member);
  });
});

describe('a redemption used on a receipt', () => {
  const withRedemption = (shop: Shop, member: Person, lines: ReturnType<typeof purchaseLines>): Answer => {
    withPoints(shop, member, 100);
    const used = shop.does(shop.redeem(member, { points: 100 }));
    return shop.does(shop.purchase(member, { lines, redemptionIds: [used.id] }));
  };

  it('comes back in proportion to the money, and the last return brings the rest', () => {
    const shop = new Shop(onePerOne());
    const member = shop.member();
    const order = withRedemption(shop, member, purchaseLines({ amountMinor: 1000 }, { amountMinor: 2000 }));
    const [first, rest] = [
      shop.does(shop.returns(order.id, { lines: [units(1, '1')] })),
      shop.does(shop.returns(order.id)),
    ];
    expect(first.redemptions).toMatchObject([{ points: 33 }]);
    expect(rest.redemptions).toMatchObject([{ points: 67 }]);
    expect(available(shop, member)).toBe(100);
  });

  it('of goods that cost nothing comes back with the last of them', () => {
    const shop = new Shop(onePerOne());
    const member = shop.member();
    const order = withRedemption(shop, member, purchaseLines({ amountMinor: 0, quantity: '2' }));
    expect(shop.does(shop.returns(order.id, { lines: [units(1, '1')] })).redemptions).toEqual([]);
    expect(shop.does(shop.returns(order.id)).redemptions).toMatchObject([{ points: 100 }]);
  });

  it('that was reversed otherwise is not given back twice', () => {
    const shop = new Shop(onePerOne());
    const member = shop.member();
    const order = withRedemption(shop, member, purchaseLines({ amountMinor: 1000 }));
    shop.does(shop.reverse(order.redemptions[0], 40));
    expect(shop.does(shop.returns(order.id)).redemptions).toMatchObject([{ points: 60 }]);
    expect(available(shop, member)).toBe(100);
  });

  it('whose points expired meanwhile comes back and expires, and the answer says so', () => {
    const shop = new Shop(onePerOne().policy({ expiry: { type: 'days', days: 10 } }, { version: 2 }));
    const member = shop.member();
    const order = withRedemption(shop, member, purchaseLines({ amountMinor: 1000 }));
    shop.at('2026-04-10T12:00:00+02:00');
    expect(shop.does(shop.returns(order.id))).toMatchObject({
      redemptions: [{ points: 100 }],
      balance: { available: 0, debt: 0 },
      notices: [{ code: 'POINTS_ALREADY_EXPIRED' }],
    });
    available(shop, member);
  });
});

describe('a return told late', () => {
  it('of 31 January is posted on 2 February, with its own date kept, and so is what was used on the receipt', () => {
    const shop = new Shop(onePerOne()).at('2026-01-20T12:00:00+01:00');
    const member = shop.member();
    withPoints(shop, member, 40);
    const used = shop.does(shop.redeem(member, { points: 40 }));
    const order = shop.does(shop.purchase(member, { ...oneLine(10_000), redemptionIds: [used.id] }));
    const occurredAt = Date.parse('2026-01-31T18:00:00+01:00');
    shop.at('2026-02-02T09:00:00+01:00').does(shop.returns(order.id, { occurredAt }));
    const back = shop.ledger(member).movements.slice(3);
    expect(back.map(({ to, eventCode }) => [to, eventCode])).toEqual([
      ['available', 'E12'],
      ['returned', 'E17'],
    ]);
    for (const movement of back) {
      expect(movement).toMatchObject({ postingDate: '2026-02-02', effectiveAt: occurredAt });
      expect(movement.occurredAt).toBe(Date.parse('2026-02-02T09:00:00+01:00'));
    }
    available(shop, member);
  });

  it('leaves a debt with the same dates', () => {
    const shop = new Shop(onePerOne()).at('2026-01-20T12:00:00+01:00');
    const member = shop.member();
    const order = shop.does(shop.purchase(member, oneLine(10_000)));
    shop.does(shop.redeem(member, { points: 100 }));
    const occurredAt = Date.parse('2026-01-31T18:00:00+01:00');
    shop.at('2026-02-02T09:00:00+01:00').does(shop.returns(order.id, { occurredAt }));
    expect(shop.ledger(member).movements.at(-1)).toMatchObject({
      to: 'debt',
      postingDate: '2026-02-02',
      effectiveAt: occurredAt,
    });
  });

  it('moves points when it is told, for what became of them until then is known only now', () => {
    const shop = new Shop(onePerOne());
    const member = shop.member();
    const order = shop.does(shop.purchase(member, oneLine(10_000)));
    const hold = shop.does(shop.redeem(member, { points: 80, mode: 'authorise' }));
    shop.at('2026-03-12T12:00:00+01:00').does(shop.applyDue(member));
    expect(shop.refuses(shop.void(hold.id)).code).toBe('HOLD_EXPIRED');
    const occurredAt = Date.parse('2026-03-10T12:05:00+01:00');
    const answer = shop.does(shop.returns(order.id, { occurredAt }));
    expect(answer).toMatchObject({ occurredAt: '2026-03-10T11:05:00.000Z', pointsTaken: 100 });
    expect(shop.ledger(member).movements.at(-1)).toMatchObject({
      ...{ from: 'available', to: 'returned', points: 100, eventCode: 'E17', postingDate: '2026-03-12' },
      occurredAt: Date.parse('2026-03-12T12:00:00+01:00'),
    });
    available(shop, member);
  });
});
