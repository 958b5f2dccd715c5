import { CHECKER, configured, decision, MAKER, order } from '../../test/builders/adjustment.js';
import { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { purchaseLines } from '../../test/builders/purchase.js';
import { Shop, type Person } from '../../test/builders/shop.js';
import { expectLedgerToAddUp } from '../../test/invariants/ledger.js';
import { adjustmentsSlice } from './adjustments.slice.js';
import type { AdjustmentOrder } from './domain/order.js';

const DAY = 86_400_000;

describe('giving points by hand', () => {
  let shop: Shop;
  let person: Person;
  beforeEach(() => {
    shop = new Shop(configured());
    person = shop.member();
  });
  afterEach(() => expectLedgerToAddUp(shop.ledger(person)));

  it('opens a lot without a rule, a receipt or money, that lives as the programme says', () => {
    const made = shop.does(order(person, shop, { points: 50, approvedBy: 'Ms Wang' }));
    expect(made).toMatchObject({ status: 'posted', points: 50, origin: 'goodwill', approvedBy: 'Ms Wang' });
    const [lot] = [...shop.ledger(person).lots.values()];
    expect(lot).toMatchObject({
      origin: 'goodwill',
      points: 50,
      available: 50,
      rule: null,
      purchaseId: null,
      lines: [],
      allocated: 0n,
      valuation: null,
      expiresAt: Date.parse('2027-03-11T00:00:00+01:00'),
    });
    const [movement] = shop.ledger(person).movements;
    expect(movement).toMatchObject({ eventCode: 'E02', causeType: 'adjustment', causeId: made['id'] });
  });

  it('values compensation for a sale at its stand-alone selling price, against sales allowances', () => {
    shop.does(order(person, shop, { points: 100, reason: 'late-order', origin: 'sale_compensation' }));
    const [lot] = [...shop.ledger(person).lots.values()];
    // 100 points x 0.1 x 0.9 = 9.00
    expect(lot).toMatchObject({ allocated: 9_000_000n, valuation: { policyVersion: 1 } });
    expect(shop.ledger(person).movements[0]).toMatchObject({ eventCode: 'E03', liability: 9_000_000n });
  });

  it('posts nothing for compensation that fills a debt at once', () => {
    const { id } = shop.does(shop.purchase(person, { lines: purchaseLines({ amountMinor: 30_000 }) }));
    shop.does(shop.redeem(person, { points: 30 }));
    shop.does(shop.returns(id));
    shop.does(order(person, shop, { points: 100, reason: 'late-order', origin: 'sale_compensation' }));
    const lots = [...shop.ledger(person).lots.values()].filter(
      ({ origin }) => origin === 'sale_compensation',
    );
    // 70 points x 0.1 x 0.9 = 6.30
    expect(lots).toMatchObject([
      { points: 30, settled: 30, allocated: 0n, valuation: { unallocated: 'debt' } },
      { points: 70, available: 70, allocated: 6_300_000n },
    ]);
    expect(shop.ledger(person).movements.at(-1)).toMatchObject({ to: 'settled', points: 30, liability: 0n });
  });

  it('asks for an accounting policy where points carry money, and only there', () => {
    const bare = new Shop(
      new ConfigurationBuilder()
        .policy()
        .adjustmentReason('sorry')
        .adjustmentReason('late-order', { origin: 'sale_compensation' }),
    );
    const somebody = bare.member();
    expect(bare.refuses(order(somebody, bare, { points: 1, reason: 'late-order' })).code).toBe(
      'NO_ACCOUNTING_POLICY',
    );
    expect(bare.does(order(somebody, bare, { points: 1 })).status).toBe('posted');
  });

  it("lives as the reason says where it says so, else by the member's tier", () => {
    const tiered = new Shop(
      configured()
        .policy({ tierExpiry: { basic: { type: 'days', days: 5 } } }, { version: 2 })
        .tiers()
        .adjustmentReason('week', { expiry: { type: 'days', days: 7 } }),
    );
    const somebody = tiered.member();
    tiered.does(order(somebody, tiered, { points: 1, reason: 'week' }));
    tiered.does(order(somebody, tiered, { points: 1 }));
    expect([...tiered.ledger(somebody).lots.values()].map(({ expiresAt }) => expiresAt)).toEqual([
      Date.parse('2026-03-18T00:00:00+01:00'),
      Date.parse('2026-03-16T00:00:00+01:00'),
    ]);
  });

  it('moves the end of points that slide, so that those given live as long as promised', () => {
    const sliding = new Shop(configured().policy({ expiry: { type: 'sliding', months: 1 } }, { version: 2 }));
    const somebody = sliding.member();
    sliding.does(sliding.purchase(somebody));
    sliding.at('2026-04-01T12:00:00+02:00').does(order(somebody, sliding, { points: 5 }));
    expect(sliding.ledger(somebody).slidingExpiresAt).toBe(Date.parse('2026-05-02T00:00:00+02:00'));
    expectLedgerToAddUp(sliding.ledger(somebody));
  });

  it('counts since it is said to have happened, and is over at once where that is long ago', () => {
    const made = shop.does(
      order(person, shop, { points: 30, occurredAt: Date.parse('2025-01-10T12:00:00+01:00') }),
    );
    expect(made['balance']).toMatchObject({ available: 0, lifetimeEarned: 30 });
    expect(shop.ledger(person).movements.map(({ occurredAt }) => occurredAt)).toEqual([
      Date.parse('2025-01-10T12:00:00+01:00'),
      Date.parse('2026-01-11T00:00:00+01:00'),
    ]);
    // In the books it is of the day on which it was recorded, and what was over by then is, too.
    expect(shop.ledger(person).movements.map(({ to, postingDate }) => [to, postingDate])).toEqual([
      ['available', '2026-03-10'],
      ['expired', '2026-03-10'],
    ]);
  });

  it('fills a debt first', () => {
    const bought = shop.does(shop.purchase(person));
    shop.does(shop.redeem(person, { points: 8 }));
    shop.does(shop.returns(bought['id'] as string));
    expect(shop.ledger(person).debt).toBe(8);
    expect(shop.does(order(person, shop, { points: 10 }))['balance']).toMatchObject({
      available: 2,
      debt: 0,
    });
  });

  it('gives nothing to a closed membership, and takes from it all the same', () => {
    const closed = shop.member('closed');
    expect(shop.refuses(order(closed, shop, { points: 1 })).code).toBe('MEMBER_CLOSED');
    expect(shop.refuses(order(closed, shop, { kind: 'debit', points: 1 })).code).toBe('INSUFFICIENT_POINTS');
  });

  it('is one of a kind: the same external id is the same adjustment', () => {
    const natural = { scope: 'adjustment', key: 'T-1' } as const;
    const once = order(person, shop, { points: 5, externalId: 'T-1' }, { natural });
    const first = shop.does(once);
    expect(shop.does({ ...once, actor: CHECKER })).toEqual(first);
    const other = order(person, shop, { points: 6, externalId: 'T-1' }, { natural });
    expect(shop.refuses(other).code).toBe('ADJUSTMENT_CONFLICT');
    expect(shop.ledger(person).available).toBe(5);
  });

  it.each([
    [{ reason: 'nowhere' }, 'ADJUSTMENT_REASON_NOT_FOUND'],
    [{ reason: 'old' }, 'ADJUSTMENT_REASON_INACTIVE'],
    [{ reason: 'breach' }, 'WRONG_DIRECTION'],
    [{ kind: 'debit', reason: 'late-order' }, 'WRONG_DIRECTION'],
    [{ origin: 'non_purchase' }, 'ORIGIN_MISMATCH'],
    [{ reason: 'proven' }, 'EVIDENCE_REQUIRED'],
    [{ occurredAt: Date.parse('2026-03-10T12:06:00+01:00') }, 'OCCURRED_IN_FUTURE'],
    [{ kind: 'debit', occurredAt: Date.parse('2026-03-09T12:00:00+01:00') }, 'DEBIT_IN_PAST'],
  ] as const)('refuses %o: %s', (body, code) => {
    shop.does(shop.purchase(person));
    const before = shop.snapshot(person);
    expect(shop.refuses(order(person, shop, { points: 5, ...body })).code).toBe(code);
    expect(shop.snapshot(person)).toEqual(before);
  });
});

describe('taking points by hand', () => {
  it('takes usable points in spending order as forfeited, and says what is missing', () => {
    const shop = new Shop(configured());
    const person = shop.member();
    shop.does(shop.purchase(person));
    const forfeit = order(person, shop, { kind: 'debit', points: 4, reason: 'breach' });
    expect(shop.does(forfeit)).toMatchObject({ kind: 'debit', points: -4, balance: { available: 6 } });
    expect(shop.ledger(person).movements.at(-1)).toMatchObject({
      from: 'available',
      to: 'cancelled',
      eventCode: 'E15',
    });
    const more = shop.refuses(order(person, shop, { kind: 'debit', points: 7, reason: 'breach' }));
    expect(more).toMatchObject({
      code: 'INSUFFICIENT_POINTS',
      meta: { required: 7, available: 6, missing: 1 },
    });
    expectLedgerToAddUp(shop.ledger(person));
  });
});

describe('a credit that is dated back, where seven days are allowed', () => {
  const bound = { receiptDays: null, returnDays: null, creditDays: 7, olderReceipts: 'refuse' } as const;
  const bounded = () => new Shop(configured().policy({ backdating: bound }, { version: 2 }));
  const WEEK_AGO = Date.parse('2026-03-03T00:00:00+01:00');

  it('is refused beyond them, but of a key with the scope import', () => {
    const shop = bounded();
    const person = shop.member();
    shop.does(order(person, shop, { points: 5, occurredAt: WEEK_AGO }));
    const older = order(person, shop, { points: 5, occurredAt: WEEK_AGO - 1 });
    expect(shop.refuses(older)).toMatchObject({
      code: 'BACKDATED_TOO_FAR',
      meta: { kind: 'credit', days: 7 },
    });
    shop.does({ ...older, unbound: true });
    expect(shop.ledger(person).movements.map(({ postingDate }) => postingDate)).toEqual([
      '2026-03-10',
      '2026-03-10',
    ]);
  });

  it('is evaluated with when it was asked for, however long it waits for its approval', () => {
    const shop = bounded();
    const person = shop.member();
    const asked = shop.does(order(person, shop, { points: 101, reason: 'big', occurredAt: WEEK_AGO }));
    shop.at('2026-03-20T12:00:00+01:00');
    expect(shop.does(decision(shop, 'approve', asked['id']))).toMatchObject({ status: 'posted' });
    expect(shop.ledger(person).movements.at(-1)).toMatchObject({
      occurredAt: WEEK_AGO,
      postingDate: '2026-03-20',
    });
  });
});

describe('maker and checker', () => {
  let shop: Shop;
  let person: Person;
  beforeEach(() => {
    shop = new Shop(configured());
    person = shop.member();
  });

  const request = (body: Partial<AdjustmentOrder> = {}) =>
    shop.does(order(person, shop, { points: 101, reason: 'big', ...body }));

  it('lets one key adjust up to the limit', () => {
    expect(shop.does(order(person, shop, { points: 100, reason: 'big' })).status).toBe('posted');
  });

  it('only records what is above it, moves points when another key approves, and does so once', () => {
    const asked = request();
    expect(asked).toMatchObject({
      id: expect.stringMatching(/^adj_/),
      status: 'requested',
      points: 101,
      lots: [],
      balance: { available: 0 },
    });
    expect(shop.ledger(person).movements).toEqual([]);
    const approved = shop.does(decision(shop, 'approve', asked.id));
    expect(approved).toMatchObject({
      status: 'posted',
      balance: { available: 101 },
      decision: { by: CHECKER, note: 'seen' },
    });
    const movements = shop.ledger(person).movements.length;
    expect(shop.does(decision(shop, 'approve', asked.id))).toEqual(approved);
    expect(shop.ledger(person).movements).toHaveLength(movements);
    expect(shop.refuses(decision(shop, 'reject', asked.id)).code).toBe('ADJUSTMENT_NOT_REQUESTED');
    expect(shop.events(person).map(({ type, version }) => `${type} v${version}`)).toEqual([
      'adjustment.requested v1',
      'adjustment.requested v2',
      'points.granted v1',
      'adjustment.posted v1',
      'adjustment.posted v2',
    ]);
  });

  it('is no way for one key to do both', () => {
    const { id } = request();
    expect(shop.refuses(decision(shop, 'approve', id, MAKER))).toMatchObject({
      code: 'MAKER_IS_CHECKER',
      status: 403,
    });
    expect(shop.refuses(decision(shop, 'reject', id, MAKER)).code).toBe('MAKER_IS_CHECKER');
  });

  it('rejects for good', () => {
    const { id } = request();
    const rejected = shop.does(decision(shop, 'reject', id));
    expect(rejected).toMatchObject({ status: 'rejected', balance: { available: 0 } });
    expect(shop.does(decision(shop, 'reject', id))).toEqual(rejected);
    expect(shop.refuses(decision(shop, 'approve', id)).code).toBe('ADJUSTMENT_NOT_REQUESTED');
  });

  it('checks again: the balance may have changed', () => {
    shop.does(order(person, shop, { points: 150 }));
    const { id } = request({ kind: 'debit', points: 120 });
    shop.does(shop.redeem(person, { points: 50 }));
    expect(shop.refuses(decision(shop, 'approve', id)).code).toBe('INSUFFICIENT_POINTS');
    shop.does(order(person, shop, { points: 20 }));
    expect(shop.does(decision(shop, 'approve', id))).toMatchObject({
      points: -120,
      balance: { available: 0 },
    });
    expectLedgerToAddUp(shop.ledger(person));
  });

  it('lapses after 30 days, to the millisecond', () => {
    const at = Date.parse('2026-03-10T12:00:00+01:00');
    const [early, late] = [request(), request()];
    shop.at(new Date(at + 30 * DAY - 1).toISOString());
    expect(shop.does(decision(shop, 'approve', early.id)).status).toBe('posted');
    shop.at(new Date(at + 30 * DAY).toISOString());
    expect(shop.refuses(decision(shop, 'approve', late.id)).code).toBe('ADJUSTMENT_LAPSED');
    expect(shop.refuses(decision(shop, 'reject', late.id)).code).toBe('ADJUSTMENT_LAPSED');
  });

  it('knows no decision on what waited for none, nor on what is not there', () => {
    const { id } = shop.does(order(person, shop, { points: 1 }));
    expect(shop.refuses(decision(shop, 'approve', id)).code).toBe('ADJUSTMENT_NOT_REQUESTED');
    const nothing = decision(shop, 'approve', 'adj_01h455vb4pex5vsknk084sn02q');
    expect(shop.refuses(nothing).code).toBe('ADJUSTMENT_NOT_FOUND');
  });

  it('leaves an audit entry of every step, with who did it', () => {
    const { id } = request();
    shop.does(decision(shop, 'approve', id));
    shop.does(order(person, shop, { points: 1 }));
    shop.does(decision(shop, 'reject', request().id));
    const { audit } = shop.ofAccount(person, adjustmentsSlice);
    expect(audit.map(({ action, actor, before }) => [action, actor, before?.status])).toEqual([
      ['adjustment.requested', MAKER, undefined],
      ['adjustment.approved', CHECKER, 'requested'],
      ['adjustment.posted', MAKER, undefined],
      ['adjustment.requested', MAKER, undefined],
      ['adjustment.rejected', CHECKER, 'requested'],
    ]);
  });
});
