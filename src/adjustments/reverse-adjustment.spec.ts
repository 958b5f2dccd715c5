import { CHECKER, configured, decision, MAKER, order } from '../../test/builders/adjustment.js';
import type { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { Shop, type Answer, type Person } from '../../test/builders/shop.js';
import { expectLedgerToAddUp } from '../../test/invariants/ledger.js';
import type { AdjustmentOrder } from './domain/order.js';

/** A point is worth 1.00, nine of ten are redeemed: 1,000 points of compensation carry 900.00. */
function open(policy: Parameters<ConfigurationBuilder['policy']>[0] = {}) {
  const shop = new Shop(
    configured().policy(policy, { version: 2 }).accounting({ valuePerPoint: '1' }, { version: 2 }),
  );
  return { shop, person: shop.member() };
}

const give = (shop: Shop, person: Person, points = 1000, reason = 'late-order') =>
  shop.does(order(person, shop, { points, reason }));

function reversal(shop: Shop, made: Answer, body: Partial<AdjustmentOrder> = {}) {
  const kind = made['kind'] === 'debit' ? 'debitReversal' : 'creditReversal';
  const target = { kind: 'adjustment', id: made['id'] as string } as const;
  const base = order({ memberId: made['memberId'] } as Person, shop, {
    ...{ kind, reason: 'sorry', correctsId: made['id'] },
    ...body,
  });
  return { ...base, target };
}

/** Event code, buckets, money and day of an account's last movements. */
const last = (shop: Shop, person: Person, count = 1) =>
  shop
    .ledger(person)
    .movements.slice(-count)
    .map(({ eventCode, from, to, points, liability }) => [eventCode, from, to, points, liability]);

describe('a credit that was a mistake', () => {
  it('is taken back to nothing, against the account of its grant', () => {
    const { shop, person } = open();
    const made = give(shop, person);
    shop.at('2026-04-02T12:00:00+02:00');
    expect(shop.does(reversal(shop, made))).toMatchObject({
      kind: 'creditReversal',
      status: 'posted',
      points: -1000,
      correctsId: made['id'],
      outcome: { taken: 1000, expired: 0, debt: 0, forgiven: 0 },
      balance: { available: 0, debt: 0 },
    });
    expect(last(shop, person)).toEqual([['E24', 'available', 'returned', 1000, -900_000_000n]]);
    expect(shop.ledger(person).movements.at(-1)?.postingDate).toBe('2026-04-02');
    expectLedgerToAddUp(shop.ledger(person));
  });

  it('of which 400 of 1,000 were used gives up 540 of 900, and leaves a debt of 400 without an entry', () => {
    const { shop, person } = open();
    const made = give(shop, person);
    shop.does(shop.redeem(person, { points: 400 }));
    expect(shop.does(reversal(shop, made))).toMatchObject({
      outcome: { taken: 600, expired: 0, debt: 400, forgiven: 0 },
      balance: { available: 0, debt: 400 },
    });
    expect(last(shop, person, 2)).toEqual([
      ['E24', 'available', 'returned', 600, -540_000_000n],
      [null, 'none', 'debt', 400, 0n],
    ]);
    expectLedgerToAddUp(shop.ledger(person));
  });

  it("leaves the member's own points alone, unless a debt takes them", () => {
    const { shop, person } = open({ correctionPolicy: 'forgive' });
    shop.does(shop.purchase(person));
    const made = give(shop, person);
    shop.does(reversal(shop, made));
    expect(shop.ledger(person).available).toBe(10);
    expectLedgerToAddUp(shop.ledger(person));
  });

  it('forgives what was used, or takes nothing, where the policy says so', () => {
    const forgiving = open({ correctionPolicy: 'forgive' });
    const made = give(forgiving.shop, forgiving.person);
    forgiving.shop.does(forgiving.shop.redeem(forgiving.person, { points: 400 }));
    expect(forgiving.shop.does(reversal(forgiving.shop, made))).toMatchObject({
      outcome: { taken: 600, debt: 0, forgiven: 400 },
      balance: { available: 0, debt: 0 },
    });
    const strict = open({ correctionPolicy: 'refuse' });
    const kept = give(strict.shop, strict.person);
    strict.shop.does(strict.shop.redeem(strict.person, { points: 400 }));
    const before = strict.shop.snapshot(strict.person);
    expect(strict.shop.refuses(reversal(strict.shop, kept))).toMatchObject({
      code: 'POINTS_SPENT',
      meta: { points: 1000, short: 400 },
    });
    expect(strict.shop.snapshot(strict.person)).toEqual(before);
  });

  it('leaves expired what expired', () => {
    const { shop, person } = open({ expiry: { type: 'days', days: 10 } });
    const made = give(shop, person);
    shop.does(shop.redeem(person, { points: 400 }));
    shop.at('2026-04-10T12:00:00+02:00');
    expect(shop.does(reversal(shop, made))).toMatchObject({
      outcome: { taken: 0, expired: 600, debt: 400 },
      balance: { available: 0, debt: 400 },
    });
    expectLedgerToAddUp(shop.ledger(person));
  });

  it('opens the debt again that it had filled', () => {
    const { shop, person } = open();
    const bought = shop.does(shop.purchase(person));
    shop.does(shop.redeem(person, { points: 10 }));
    shop.does(shop.returns(bought['id']));
    const made = give(shop, person);
    expect(shop.ledger(person)).toMatchObject({ available: 990, debt: 0 });
    expect(shop.does(reversal(shop, made))).toMatchObject({
      outcome: { taken: 1000, debt: 0 },
      balance: { available: 0, debt: 10 },
    });
    expectLedgerToAddUp(shop.ledger(person));
  });

  it('of goodwill carries no money, and none goes', () => {
    const { shop, person } = open();
    const made = give(shop, person, 50, 'sorry');
    shop.does(reversal(shop, made));
    expect(last(shop, person)).toEqual([['E24', 'available', 'returned', 50, 0n]]);
  });

  it('is reversed once', () => {
    const { shop, person } = open();
    const made = give(shop, person);
    const undo = reversal(shop, made);
    const again = shop.does({ ...undo, idempotencyKey: 'k-1' });
    expect(shop.does({ ...undo, idempotencyKey: 'k-1' })).toEqual(again);
    expect(shop.refuses(reversal(shop, made)).code).toBe('ADJUSTMENT_REVERSED');
    expect(shop.refuses(reversal(shop, again)).code).toBe('ADJUSTMENT_NOT_REVERSIBLE');
  });

  it('waits for another key above the limit of its reason, and moves nothing before', () => {
    const { shop, person } = open();
    const made = give(shop, person);
    const asked = shop.does(reversal(shop, made, { reason: 'big' }));
    expect(asked).toMatchObject({ status: 'requested', points: -1000, lots: [], outcome: null });
    expect(shop.ledger(person).available).toBe(1000);
    expect(shop.refuses(decision(shop, 'approve', asked['id'], MAKER)).code).toBe('MAKER_IS_CHECKER');
    expect(shop.does(decision(shop, 'approve', asked['id'], CHECKER))).toMatchObject({
      status: 'posted',
      outcome: { taken: 1000 },
      balance: { available: 0 },
    });
    const late = shop.does(order(person, shop, { points: 500, reason: 'late-order' }));
    const twice = [
      shop.does(reversal(shop, late, { reason: 'big' })),
      shop.does(reversal(shop, late, { reason: 'big' })),
    ];
    shop.does(decision(shop, 'approve', twice[0]?.['id']));
    expect(shop.refuses(decision(shop, 'approve', twice[1]?.['id'])).code).toBe('ADJUSTMENT_REVERSED');
  });

  it('needs a reason for what is taken', () => {
    const { shop, person } = open();
    const made = give(shop, person);
    expect(shop.refuses(reversal(shop, made, { reason: 'late-order' })).code).toBe('WRONG_DIRECTION');
    expect(shop.does(reversal(shop, made, { reason: 'breach' })).status).toBe('posted');
  });

  it('is not reversed before it took effect', () => {
    const { shop, person } = open();
    const asked = shop.does(order(person, shop, { points: 200, reason: 'big' }));
    expect(shop.refuses(reversal(shop, asked)).code).toBe('ADJUSTMENT_NOT_REVERSIBLE');
  });
});

describe('a correction', () => {
  const correct = (shop: Shop, person: Person, made: Answer, points: number) =>
    order(person, shop, {
      ...{ kind: 'debit', debitKind: 'correction', correctsId: made['id'], points, reason: 'breach' },
    });

  it('takes some points of the adjustment that it names, and never more than that gave', () => {
    const { shop, person } = open();
    shop.does(shop.purchase(person));
    const made = give(shop, person);
    expect(shop.does(correct(shop, person, made, 300))).toMatchObject({
      ...{ kind: 'debit', debitKind: 'correction', points: -300, correctsId: made['id'] },
      outcome: { taken: 300 },
      balance: { available: 710 },
    });
    expect(last(shop, person)).toEqual([['E24', 'available', 'returned', 300, -270_000_000n]]);
    expect(shop.refuses(correct(shop, person, made, 701))).toMatchObject({
      code: 'MORE_THAN_GIVEN',
      meta: { left: 700 },
    });
    expect(shop.does(reversal(shop, made))).toMatchObject({ points: -700, balance: { available: 10 } });
    expect(shop.refuses(correct(shop, person, made, 1)).code).toBe('ADJUSTMENT_REVERSED');
    expectLedgerToAddUp(shop.ledger(person));
  });

  it('counts what expired once', () => {
    const { shop, person } = open({ expiry: { type: 'days', days: 10 } });
    const made = give(shop, person);
    shop.does(shop.redeem(person, { points: 400 }));
    shop.at('2026-04-10T12:00:00+02:00');
    expect(shop.does(correct(shop, person, made, 500))).toMatchObject({ outcome: { expired: 500, debt: 0 } });
    expect(shop.does(reversal(shop, made))).toMatchObject({ outcome: { expired: 100, debt: 400 } });
  });

  it("is of the member's own adjustments", () => {
    const { shop, person } = open();
    const made = give(shop, person);
    const other = shop.member();
    expect(shop.refuses(correct(shop, other, made, 1)).code).toBe('ADJUSTMENT_NOT_FOUND');
  });
});

describe('a forfeit that was a mistake', () => {
  it('gives the points back to their lots, with the revenue that it had made', () => {
    const { shop, person } = open();
    give(shop, person);
    const forfeit = shop.does(order(person, shop, { kind: 'debit', points: 300, reason: 'breach' }));
    expect(forfeit).toMatchObject({ debitKind: 'forfeit', points: -300 });
    expect(last(shop, person)).toEqual([['E15', 'available', 'cancelled', 300, -270_000_000n]]);
    expect(shop.does(reversal(shop, forfeit))).toMatchObject({
      kind: 'debitReversal',
      points: 300,
      balance: { available: 1000 },
    });
    expect(last(shop, person)).toEqual([['E24', 'cancelled', 'available', 300, 270_000_000n]]);
    expect(shop.refuses(reversal(shop, forfeit)).code).toBe('ADJUSTMENT_REVERSED');
    expectLedgerToAddUp(shop.ledger(person));
  });

  it('fills a debt first, and what is past its end by now is over at once', () => {
    const { shop, person } = open({ expiry: { type: 'days', days: 10 } });
    give(shop, person, 100);
    const forfeit = shop.does(order(person, shop, { kind: 'debit', points: 100, reason: 'breach' }));
    shop.at('2026-04-10T12:00:00+02:00');
    expect(shop.does(reversal(shop, forfeit))).toMatchObject({ points: 100, balance: { available: 0 } });
    expect(last(shop, person, 2)).toEqual([
      ['E24', 'cancelled', 'available', 100, 90_000_000n],
      ['E15', 'available', 'expired', 100, -90_000_000n],
    ]);
    expectLedgerToAddUp(shop.ledger(person));
  });
});

describe('points that were forfeited before what gave them was taken back', () => {
  const forfeit = (shop: Shop, person: Person, points: number) =>
    shop.does(order(person, shop, { kind: 'debit', points, reason: 'breach' }));

  it('do not come back once their credit was reversed', () => {
    const { shop, person } = open();
    const credit = give(shop, person);
    const taken = forfeit(shop, person, 1000);
    expect(shop.does(reversal(shop, credit))).toMatchObject({ outcome: { taken: 0, expired: 1000 } });
    const refused = shop.refuses(reversal(shop, taken));
    expect(refused).toMatchObject({ status: 409, code: 'POINTS_TAKEN_BACK' });
  });

  it('come back as far as a correction did not count on them', () => {
    const { shop, person } = open();
    const credit = give(shop, person);
    const [first, second] = [forfeit(shop, person, 300), forfeit(shop, person, 700)];
    shop.does(
      order(person, shop, {
        kind: 'debit',
        debitKind: 'correction',
        correctsId: credit['id'] as never,
        points: 400,
        reason: 'breach',
      }),
    );
    expect(shop.refuses(reversal(shop, second)).code).toBe('POINTS_TAKEN_BACK');
    shop.does(reversal(shop, first));
    expect(shop.does(order(person, shop, { points: 1 }))).toMatchObject({ balance: { available: 301 } });
    expect(shop.refuses(reversal(shop, second)).code).toBe('POINTS_TAKEN_BACK');
  });

  it('do not come back once their receipt was returned', () => {
    const { shop, person } = open();
    const { id, pointsGranted } = shop.does(shop.purchase(person));
    const taken = forfeit(shop, person, pointsGranted as number);
    expect(shop.does(shop.returns(id as string, { whole: true }))).toMatchObject({
      pointsTaken: 0,
      pointsGone: pointsGranted,
    });
    const refused = shop.refuses(reversal(shop, taken));
    expect(refused.code).toBe('POINTS_TAKEN_BACK');
  });
});
