import { configured, decision, order } from '../../test/builders/adjustment.js';
import { Shop, type Person } from '../../test/builders/shop.js';
import { expectLedgerToAddUp } from '../../test/invariants/ledger.js';
import { adjustmentsSlice } from './adjustments.slice.js';

describe('adjusting lots by hand', () => {
  let shop: Shop;
  let person: Person;
  beforeEach(() => {
    shop = new Shop(configured());
    person = shop.member();
  });
  afterEach(() => expectLedgerToAddUp(shop.ledger(person)));

  const lots = () => [...shop.ledger(person).lots.values()];
  const first = () => lots()[0]?.lotId ?? null;
  const later = Date.parse('2027-06-01T00:00:00+02:00');

  it('extends a lot, in a movement that moves nothing', () => {
    shop.does(shop.purchase(person));
    const made = shop.does(order(person, shop, { kind: 'extension', lotId: first(), expiresAt: later }));
    expect(made).toMatchObject({ kind: 'extension', points: 10, lots: [{ points: 10 }] });
    expect(lots()[0]?.expiresAt).toBe(later);
    expect(shop.ledger(person).movements.at(-1)).toMatchObject({
      from: 'available',
      to: 'available',
      eventCode: null,
      setsExpiryAt: later,
    });
    shop.at('2027-03-20T12:00:00+01:00').does(shop.applyDue(person));
    expect(shop.ledger(person).available).toBe(10);
    shop.at('2027-06-01T00:00:00+02:00').does(shop.applyDue(person));
    expect(shop.ledger(person).available).toBe(0);
  });

  it('extends all that would have ended by a day, and no other', () => {
    shop.does(order(person, shop, { points: 1 }));
    shop.at('2026-05-10T12:00:00+02:00').does(order(person, shop, { points: 2 }));
    const expiringBy = Date.parse('2027-04-01T00:00:00+02:00');
    const body = { kind: 'extension', expiringBy, expiresAt: later } as const;
    expect(shop.does(order(person, shop, body))).toMatchObject({ points: 1 });
    expect(lots().map(({ expiresAt }) => expiresAt)).toEqual([
      later,
      Date.parse('2027-05-11T00:00:00+02:00'),
    ]);
    expect(shop.refuses(order(person, shop, body)).code).toBe('LOT_NOT_EXTENDABLE');
  });

  it.each([
    ['what never expires', later, { type: 'never' }, 'noEnd'],
    [
      'what ends later anyway',
      Date.parse('2026-04-01T00:00:00+02:00'),
      { type: 'months', months: 1 },
      'notLater',
    ],
    ['what slides', later, { type: 'sliding', months: 1 }, 'noEnd'],
  ] as const)('does not extend %s', (_, expiresAt, expiry, why) => {
    shop = new Shop(configured().policy({ expiry }, { version: 2 }));
    person = shop.member();
    shop.does(shop.purchase(person));
    const refused = shop.refuses(order(person, shop, { kind: 'extension', lotId: first(), expiresAt }));
    expect(refused).toMatchObject({ code: 'LOT_NOT_EXTENDABLE', meta: { why } });
  });

  it('does not extend a lot of which nothing is left, nor one that is not there', () => {
    shop.does(shop.purchase(person));
    shop.does(shop.redeem(person, { points: 10 }));
    const extension = { kind: 'extension', expiresAt: later } as const;
    expect(shop.refuses(order(person, shop, { ...extension, lotId: first() })).meta).toEqual({
      why: 'closed',
    });
    const nowhere = 'lot_01h455vb4pex5vsknk084sn02q';
    expect(shop.refuses(order(person, shop, { ...extension, lotId: nowhere })).code).toBe('LOT_NOT_FOUND');
  });

  it('gives points back again that were given back and taken back, but not those that expired since', () => {
    shop.does(shop.purchase(person));
    shop.at('2027-03-20T12:00:00+01:00').does(shop.applyDue(person));
    const back = { kind: 'reinstatement', lotId: first() } as const;
    const given = shop.does(order(person, shop, { ...back, points: 6 }));
    shop.does(
      order(person, shop, { kind: 'creditReversal', reason: 'sorry', correctsId: given['id'] as never }),
    );
    expect(shop.refuses(order(person, shop, { ...back, points: 11 })).meta).toEqual({
      ...{ expired: 10, reinstated: 0, left: 10 },
    });
    expect(shop.does(order(person, shop, { ...back, points: 10 }))).toMatchObject({ points: 10 });
  });

  it('gives expired points back as goodwill without money, never more than expired', () => {
    shop.does(shop.purchase(person));
    shop.at('2027-03-20T12:00:00+01:00').does(shop.applyDue(person));
    const expired = first();
    const back = { kind: 'reinstatement', lotId: expired } as const;
    expect(shop.does(order(person, shop, { ...back, points: 4 }))).toMatchObject({
      points: 4,
      origin: 'goodwill',
    });
    expect(shop.refuses(order(person, shop, { ...back, points: 7 }))).toMatchObject({
      code: 'MORE_THAN_EXPIRED',
      meta: { expired: 10, reinstated: 4, left: 6 },
    });
    expect(shop.does(order(person, shop, { ...back, expiresAt: later }))).toMatchObject({ points: 6 });
    expect(shop.refuses(order(person, shop, back)).code).toBe('MORE_THAN_EXPIRED');
    expect(
      lots().map(({ points, allocated, available, expiresAt }) => [points, allocated, available, expiresAt]),
    ).toEqual([
      [10, expect.any(BigInt), 0, Date.parse('2027-03-11T00:00:00+01:00')],
      [4, 0n, 4, Date.parse('2028-03-21T00:00:00+01:00')],
      [6, 0n, 6, later],
    ]);
  });

  it('gives back with a reason of goodwill only, and counts only what was approved', () => {
    shop = new Shop(
      configured()
        .adjustmentReason('gift', { origin: 'non_purchase' })
        .adjustmentReason('ask', { approvalAbove: 0 }),
    );
    person = shop.member();
    shop.does(shop.purchase(person));
    shop.at('2027-03-20T12:00:00+01:00').does(shop.applyDue(person));
    const back = { kind: 'reinstatement', lotId: first(), points: 8 } as const;
    expect(shop.refuses(order(person, shop, { ...back, reason: 'gift' })).code).toBe('ORIGIN_MISMATCH');
    const [one, two] = [0, 1].map(() => shop.does(order(person, shop, { ...back, reason: 'ask' })));
    expect(shop.does(decision(shop, 'approve', one?.['id'] as string))['balance']).toMatchObject({
      available: 8,
    });
    expect(shop.refuses(decision(shop, 'approve', two?.['id'] as string)).code).toBe('MORE_THAN_EXPIRED');
  });
});

describe('ending the waiting of a lot by hand', () => {
  const awaiting = (event: string) =>
    new Shop(
      configured().rule(
        { pending: { type: 'event', event, thenDays: 7, cancelAfterDays: 60 } },
        { version: 2 },
      ),
    );

  it('makes what awaits an event usable now: it begins to be owed, and its life counts from now', () => {
    const shop = awaiting('delivered');
    const person = shop.member();
    shop.does(shop.purchase(person));
    const [lot] = [...shop.ledger(person).lots.values()];
    const body = { kind: 'activation', lotId: lot?.lotId ?? null } as const;
    const made = shop.at('2026-03-12T12:00:00+01:00').does(order(person, shop, body));
    expect(made).toMatchObject({ kind: 'activation', points: 10, balance: { available: 10, pending: 0 } });
    expect(shop.ledger(person).movements.at(-1)).toMatchObject({
      from: 'undelivered',
      to: 'available',
      eventCode: 'E01',
      causeType: 'adjustment',
      setsExpiryAt: Date.parse('2027-03-13T00:00:00+01:00'),
    });
    expectLedgerToAddUp(shop.ledger(person));
  });

  it('keeps the end of what waits for a date', () => {
    const shop = new Shop(configured().rule({ pending: { type: 'days', days: 10 } }, { version: 2 }));
    const person = shop.member();
    shop.does(shop.purchase(person));
    const [lot] = [...shop.ledger(person).lots.values()];
    shop.does(order(person, shop, { kind: 'activation', lotId: lot?.lotId ?? null }));
    const [after] = [...shop.ledger(person).lots.values()];
    expect(after).toMatchObject({
      available: 10,
      expiresAt: lot?.expiresAt,
      availableAt: expect.any(Number),
    });
    expect(after?.availableAt).toBe(Date.parse('2026-03-10T12:00:00+01:00'));
  });

  it('gives up what waits, and does nothing where nothing waits any more', () => {
    const shop = awaiting('returnWindowOver');
    const person = shop.member();
    shop.does(shop.purchase(person));
    const [lot] = [...shop.ledger(person).lots.values()];
    const lotId = lot?.lotId ?? null;
    expect(shop.does(order(person, shop, { kind: 'cancellation', lotId, reason: 'breach' }))).toMatchObject({
      points: -10,
      balance: { pending: 0 },
    });
    expect(shop.ledger(person).movements.at(-1)).toMatchObject({ eventCode: 'E17', to: 'cancelled' });
    for (const kind of ['activation', 'cancellation'] as const) {
      const again = shop.does(order(person, shop, { kind, lotId }));
      expect(again).toMatchObject({ id: null, status: 'unchanged', points: 0 });
    }
    expect(shop.ofAccount(person, adjustmentsSlice).known.size).toBe(1);
  });

  it('waits for the checker above the limit, and is refused where nothing waits by then', () => {
    const limited = new Shop(
      configured()
        .adjustmentReason('ask', { approvalAbove: 0 })
        .rule(
          { pending: { type: 'event', event: 'delivered', thenDays: 0, cancelAfterDays: 1 } },
          { version: 2 },
        ),
    );
    const person = limited.member();
    limited.does(limited.purchase(person));
    const [lot] = [...limited.ledger(person).lots.values()];
    const body = { kind: 'activation', lotId: lot?.lotId ?? null, reason: 'ask' } as const;
    const { id } = limited.does(order(person, limited, body));
    limited.at('2026-03-13T12:00:00+01:00');
    expect(limited.refuses(decision(limited, 'approve', id as string)).code).toBe('LOT_NOT_WAITING');
  });
});
