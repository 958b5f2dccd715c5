import { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { purchaseLine } from '../../test/builders/purchase.js';
import { requested, Shop, type Person } from '../../test/builders/shop.js';
import { expectLedgerToAddUp } from '../../test/invariants/ledger.js';
import type { PendingPolicy } from '../kernel/pending-policy.js';
import { localDate } from '../kernel/time.js';
import { standingSlice } from '../tiers/index.js';
import { earningCountersSlice } from '../earning/index.js';

const ORDERED = '2026-01-30T12:00:00+01:00';

/** A shop where a point is worth 1 and each full 10.00 earns one that awaits an event. */
function shopAwaiting(pending: Partial<Extract<PendingPolicy, { type: 'event' }>> = {}): Shop {
  const policy = { type: 'event', event: 'delivered', thenDays: 7, cancelAfterDays: 60, ...pending } as const;
  const configuration = new ConfigurationBuilder()
    .policy({ expiry: { type: 'months', months: 1 } })
    .accounting({ valuePerPoint: '1' })
    .tiers({ measure: 'points' })
    .rule({ pending: policy, limits: [{ period: 'month', points: 100, times: null }] });
  return new Shop(configuration).at(ORDERED);
}

function report(shop: Shop, purchaseId: string, type: string, occurredAt: string | null = null) {
  const body = { purchaseId, type, occurredAt: occurredAt === null ? null : Date.parse(occurredAt) };
  return shop.command('purchase.event', { kind: 'purchase', id: purchaseId }, body, {});
}

describe('an order whose points await its delivery', () => {
  let shop: Shop;
  let person: Person;
  let order: string;
  beforeEach(() => {
    shop = shopAwaiting();
    person = shop.member();
    order = shop.does(shop.purchase(person, { lines: [purchaseLine({ amountMinor: 100_000 })] }))[
      'id'
    ] as string;
  });
  afterEach(() => expectLedgerToAddUp(shop.ledger(person)));

  const steps = () =>
    shop
      .ledger(person)
      .movements.map(({ from, to, eventCode, liability, postingDate }) => [
        `${from} to ${to}`,
        eventCode,
        liability,
        postingDate,
      ]);
  const liability = () =>
    shop.ledger(person).movements.reduce((sum, movement) => sum + movement.liability, 0n);

  it('owes nothing before the goods are handed over (A28)', () => {
    expect(liability()).toBe(0n);
    expect(shop.ledger(person)).toMatchObject({ pending: 100, available: 0 });

    const delivered = shop
      .at('2026-02-02T15:00:00+01:00')
      .does(report(shop, order, 'delivered', '2026-02-02T14:00:00+01:00'));
    // TP 1,000 net, 100 points @1 x 0.9: 1000 * 90 / 1090 = 82.57
    expect(liability()).toBe(82_568_807n);
    expect(delivered).toMatchObject({
      activated: [],
      cancelled: [],
      delivered: [
        {
          points: 100,
          availableAt: '2026-02-09T23:00:00.000Z',
          // A month from the 10th, on which they become usable.
          expiresAt: '2026-03-10T23:00:00.000Z',
        },
      ],
      balance: { pending: 100, available: 0 },
    });

    shop.at('2026-02-10T00:00:00+01:00').does(shop.applyDue(person));
    expect(shop.ledger(person)).toMatchObject({ pending: 0, available: 100 });
    expect(steps()).toEqual([
      ['issued to undelivered', null, 0n, '2026-01-30'],
      ['undelivered to pending', 'E01', 82_568_807n, '2026-02-02'],
      ['pending to available', null, 0n, '2026-02-10'],
    ]);
  });

  it('leaves no entry at all when it is cancelled before (A28)', () => {
    const cancelled = shop.at('2026-02-01T12:00:00+01:00').does(report(shop, order, 'cancelled'));
    expect(cancelled).toMatchObject({
      cancelled: [{ points: 100 }],
      activated: [],
      delivered: [],
      balance: { pending: 0, available: 0 },
    });
    expect(steps().map(([move, code, money]) => [move, code, money])).toEqual([
      ['issued to undelivered', null, 0n],
      ['undelivered to cancelled', null, 0n],
    ]);
  });

  it('takes the liability back when it is cancelled after delivery, while the points wait', () => {
    shop.at('2026-02-02T12:00:00+01:00').does(report(shop, order, 'delivered'));
    shop.at('2026-02-05T12:00:00+01:00').does(report(shop, order, 'cancelled'));
    expect(steps().at(-1)).toEqual(['pending to cancelled', 'E17', -82_568_807n, '2026-02-05']);
  });

  it('is the same when the delivery is reported late as when it was in time', () => {
    shop.at('2026-02-20T12:00:00+01:00').does(report(shop, order, 'delivered', '2026-02-02T14:00:00+01:00'));
    const late = steps();
    const timely = shopAwaiting();
    const other = timely.member();
    const bought = timely.purchase(other, { lines: [purchaseLine({ amountMinor: 100_000 })] });
    const id = timely.does(bought)['id'] as string;
    timely.at('2026-02-02T14:00:00+01:00').does(report(timely, id, 'delivered'));
    timely.at('2026-02-20T12:00:00+01:00').does(timely.applyDue(other));
    const { movements, lots } = timely.ledger(other);
    expect(late).toEqual(
      movements.map(({ from, to, eventCode, liability: money, postingDate }) => [
        `${from} to ${to}`,
        eventCode,
        money,
        postingDate,
      ]),
    );
    expect([...shop.ledger(person).lots.values()].map(({ expiresAt }) => expiresAt)).toEqual(
      [...lots.values()].map(({ expiresAt }) => expiresAt),
    );
  });

  it('grants and expires at once what a report so late leaves no life', () => {
    const answer = shop
      .at('2026-03-20T12:00:00+01:00')
      .does(report(shop, order, 'delivered', '2026-02-02T14:00:00+01:00'));
    expect(answer['balance']).toMatchObject({ available: 0, pending: 0 });
    expect(steps().at(-1)).toEqual(['available to expired', 'E15', -82_568_807n, '2026-03-10']);
  });

  it('counts from the receipt where an event is said to have come before it', () => {
    shop.does(report(shop, order, 'delivered', '2026-01-01T12:00:00+01:00'));
    expect(steps().at(-1)).toEqual(['undelivered to pending', 'E01', 82_568_807n, '2026-01-30']);
  });

  it('is moved once by any event, and not at all by another', () => {
    const nothing = { activated: [], delivered: [], cancelled: [] };
    expect(shop.does(report(shop, order, 'returnWindowOver'))).toMatchObject(nothing);
    shop.does(report(shop, order, 'delivered'));
    const before = steps();
    expect(shop.does(report(shop, order, 'delivered'))).toMatchObject(nothing);
    shop.does(report(shop, order, 'cancelled'));
    expect(shop.does(report(shop, order, 'cancelled'))).toMatchObject(nothing);
    expect(shop.does(report(shop, order, 'delivered'))).toMatchObject(nothing);
    expect(steps()).toHaveLength(before.length + 1);
  });

  it('cancels by itself when the deadline passes, and never expires', () => {
    shop.at('2026-04-10T12:00:00+02:00').does(shop.applyDue(person));
    expect([...shop.ledger(person).lots.values()][0]).toMatchObject({ cancelled: 100, expired: 0 });
    const late = shop.does(report(shop, order, 'delivered', '2026-02-02T14:00:00+01:00'));
    expect(late).toMatchObject({ activated: [], delivered: [] });
  });

  it.each([
    ['by a report', (id: string) => report(shop, id, 'cancelled')],
    ['by its deadline', () => shop.at('2026-04-10T12:00:00+02:00').applyDue(person)],
  ])('lowers what counted for tiers and caps on the day of the receipt when cancelled %s', (_, cancel) => {
    const day = localDate(Date.parse(ORDERED), 'Europe/Warsaw');
    const counted = () => shop.ofMember(person, standingSlice).days.get(day)?.points;
    const capped = () => shop.ofMember(person, earningCountersSlice).known.get('base')?.get(day);
    expect([counted(), capped()]).toEqual([100, { points: 100, times: 1 }]);
    shop.does(cancel(order));
    expect([counted(), capped()]).toEqual([0, { points: 0, times: 0 }]);
  });

  it('is returned after it was cancelled without counting down twice', () => {
    shop.does(report(shop, order, 'cancelled'));
    shop.does(shop.returns(order));
    const day = localDate(Date.parse(ORDERED), 'Europe/Warsaw');
    expect(shop.ofMember(person, standingSlice).days.get(day)).toEqual({
      spendMinor: 0,
      points: 0,
      visits: 0,
      status: 0,
    });
    const capped = shop.ofMember(person, earningCountersSlice).known.get('base')?.get(day);
    expect(capped).toEqual({ points: 0, times: 0 });
  });

  it('is cancelled after a part was returned: together they take back all', () => {
    shop.does(shop.returns(order, { lines: [requested({ lineNo: 1, amountMinor: 40_000 })] }));
    const day = localDate(Date.parse(ORDERED), 'Europe/Warsaw');
    shop.does(report(shop, order, 'cancelled'));
    expect(shop.ofMember(person, standingSlice).days.get(day)?.points).toBe(0);
    shop.does(shop.returns(order));
    expect(shop.ofMember(person, standingSlice).days.get(day)?.points).toBe(0);
    const capped = shop.ofMember(person, earningCountersSlice).known.get('base')?.get(day);
    expect(capped).toEqual({ points: 0, times: 0 });
  });

  it('is cancelled no earlier than it was ordered, whatever the report says', () => {
    shop.at('2026-02-03T12:00:00+01:00').does(report(shop, order, 'delivered'));
    shop.does(report(shop, order, 'cancelled', '2026-01-01T12:00:00+01:00'));
    const cancelled = shop.ledger(person).movements.at(-1);
    expect(cancelled).toMatchObject({ from: 'pending', to: 'cancelled' });
    expect(cancelled?.occurredAt).toBeGreaterThanOrEqual(Date.parse(ORDERED));
  });

  it('refuses an event of the future', () => {
    const future = report(shop, order, 'delivered', '2026-01-30T12:06:00+01:00');
    expect(shop.refuses(future).code).toBe('OCCURRED_IN_FUTURE');
  });

  it('is known', () => {
    const nowhere = report(shop, 'pur_01h455vb4pex5vsknk084sn02q', 'delivered');
    expect(shop.refuses(nowhere).code).toBe('PURCHASE_NOT_FOUND');
  });
});

describe('points that are owed from the sale and await the end of the return window', () => {
  it('become usable with the event, at once or some days later, without an entry', () => {
    for (const [thenDays, to] of [
      [0, 'available'],
      [3, 'pending'],
    ] as const) {
      const shop = shopAwaiting({ event: 'returnWindowOver', thenDays });
      const person = shop.member();
      const { id } = shop.does(shop.purchase(person));
      shop.at('2026-02-14T12:00:00+01:00').does(report(shop, id as string, 'returnWindowOver'));
      expect(shop.ledger(person).movements.at(-1)).toMatchObject({ from: 'pending', to, eventCode: null });
      shop.at('2026-02-18T12:00:00+01:00').does(shop.applyDue(person));
      expect(shop.ledger(person).available).toBe(10);
      expectLedgerToAddUp(shop.ledger(person));
    }
  });

  it('bring their own end along where they slide', () => {
    const shop = new Shop(
      new ConfigurationBuilder()
        .policy({ expiry: { type: 'sliding', days: 10 } })
        .accounting()
        .rule({ pending: { type: 'event', event: 'delivered', thenDays: 0, cancelAfterDays: 60 } }),
    ).at(ORDERED);
    const person = shop.member();
    const { id } = shop.does(shop.purchase(person));
    shop.at('2026-03-02T12:00:00+01:00').does(report(shop, id as string, 'delivered'));
    expect(shop.ledger(person)).toMatchObject({
      available: 10,
      slidingExpiresAt: Date.parse('2026-03-13T00:00:00+01:00'),
    });
    expectLedgerToAddUp(shop.ledger(person));
  });

  it('are forfeited where it does not come in time, and go back with the sale where that is called off', () => {
    for (const [end, eventCode] of [
      [
        (shop: Shop, _: string, person: Person) => shop.at('2026-06-01T12:00:00+02:00').applyDue(person),
        'E15',
      ],
      [(shop: Shop, id: string) => report(shop, id, 'cancelled'), 'E17'],
    ] as const) {
      const shop = shopAwaiting({ event: 'returnWindowOver', thenDays: 0 });
      const person = shop.member();
      const { id } = shop.does(shop.purchase(person));
      const [issued] = shop.ledger(person).movements;
      shop.does(end(shop, id as string, person));
      expect(shop.ledger(person).movements.at(-1)).toMatchObject({
        ...{ from: 'pending', to: 'cancelled', eventCode },
        liability: -(issued?.liability ?? 0n),
      });
      expectLedgerToAddUp(shop.ledger(person));
    }
  });
});
