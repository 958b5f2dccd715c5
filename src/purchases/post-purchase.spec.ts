import { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { basketBonus, perSpend } from '../../test/builders/earning-rule.js';
import { purchaseLines } from '../../test/builders/purchase.js';
import { accepted, Shop } from '../../test/builders/shop.js';
import { expectLedgerToAddUp } from '../../test/invariants/ledger.js';

const worth = (amountMinor: number) => ({ lines: purchaseLines({ amountMinor }) });

describe('a receipt', () => {
  it('is answered with what it earned, the balance and the standing', () => {
    const shop = new Shop();
    const member = shop.member();
    const answer = shop.does(shop.purchase(member, { receiptNo: 'R-77', ...worth(10_500) }));
    expect(answer).toMatchObject({
      memberId: member.memberId,
      accountId: member.accountId,
      source: 'store-1',
      receiptNo: 'R-77',
      occurredAt: '2026-03-10T11:00:00.000Z',
      recordedAt: '2026-03-10T11:00:00.000Z',
      pointsGranted: 10,
      pointsToDebt: 0,
      grants: [
        {
          rule: { id: 'base', version: 1 },
          origin: 'purchase',
          points: 10,
          state: 'available',
          expiresAt: '2027-03-10T23:00:00.000Z',
          lines: [{ lineNo: 1, points: 10 }],
        },
      ],
      redemptions: [],
      balance: { available: 10, held: 0, total: 10, lifetimeEarned: 10 },
      standing: { tier: null },
      tierChange: null,
      notices: [],
    });
    expectLedgerToAddUp(shop.ledger(member));
  });

  it('brings every rule in force, matched or not, into the explanation', () => {
    const config = ConfigurationBuilder.shop()
      .rule({ name: 'Welcome', amount: basketBonus(50, 20_000), origin: 'non_purchase' }, { key: 'welcome' })
      .rule({ name: 'Old', active: false }, { key: 'old' });
    const shop = new Shop(config);
    const [outcome] = shop.batch(shop.purchase(shop.member()));
    expect(outcome).toMatchObject({
      explanation: [
        { rule: { id: 'base', version: 1 }, why: 'matched', points: 10 },
        { rule: { id: 'old', version: 1 }, why: 'inactive', points: 0 },
        { rule: { id: 'welcome', version: 1 }, why: 'belowMinimum', points: 0 },
      ],
    });
  });

  it('is refused in another currency, and in the future', () => {
    const shop = new Shop();
    const member = shop.member();
    const inFiveMinutes = Date.parse('2026-03-10T11:05:00Z');
    expect(shop.refuses(shop.purchase(member, { currency: 'EUR' }))).toMatchObject({
      code: 'CURRENCY_MISMATCH',
      errors: [{ pointer: '/currency' }],
    });
    expect(shop.refuses(shop.purchase(member, { occurredAt: inFiveMinutes + 1 })).code).toBe(
      'OCCURRED_IN_FUTURE',
    );
    expect(shop.does(shop.purchase(member, { occurredAt: inFiveMinutes })).pointsGranted).toBe(10);
  });

  it('of nobody we know is refused', () => {
    const shop = new Shop();
    expect(shop.refuses(shop.unknown(shop.purchase(shop.member()))).code).toBe('MEMBER_NOT_FOUND');
  });

  it('that would earn more than a receipt may is refused, however much more', () => {
    const generous = (points: number) =>
      new Shop(
        ConfigurationBuilder.shop().rule({ amount: perSpend({ points, stepMinor: 1 }) }, { version: 2 }),
      );
    for (const points of [1_000_000, 1000]) {
      const shop = generous(points);
      const receipt = shop.purchase(shop.member(), {
        lines: purchaseLines({ amountMinor: 1_000_000_000_000 }),
      });
      expect(shop.refuses(receipt).code).toBe('TOO_MANY_POINTS');
    }
  });
});

describe('the money of points', () => {
  it('is the deferred share of the price for purchase points, and none for points given freely', () => {
    const config = ConfigurationBuilder.shop().rule(
      { origin: 'non_purchase', amount: basketBonus(5, 0) },
      { key: 'gift' },
    );
    const shop = new Shop(config);
    const member = shop.member();
    shop.does(shop.purchase(member));
    // 100.00 x 0.90 / (100.00 + 0.90), to four digits below the cent.
    expect(shop.ledger(member).movements).toMatchObject([
      { eventCode: 'E01', points: 10, liability: 891_972n, causeType: 'purchase' },
      { eventCode: 'E02', points: 5, liability: 0n, causeType: 'purchase' },
    ]);
    const lots = [...shop.ledger(member).lots.values()];
    expect(lots.map(({ valuation }) => valuation)).toEqual([
      {
        policyVersion: 1,
        method: 'relative_ssp',
        valuePerPoint: '0.1',
        redemptionProbability: '0.9',
        taxRate: '0',
        transactionPrice: '100.000000',
        goodsSsp: '100.000000',
        pointsValued: 10,
      },
      null,
    ]);
  });

  it('needs an accounting policy in force when the receipt occurred', () => {
    const config = new ConfigurationBuilder()
      .policy()
      .rule()
      .accounting({}, { from: '2026-03-01T00:00:00Z' });
    const shop = new Shop(config);
    const member = shop.member();
    const february = Date.parse('2026-02-28T12:00:00Z');
    expect(shop.refuses(shop.purchase(member, { occurredAt: february })).code).toBe('NO_ACCOUNTING_POLICY');
    expect(shop.does(shop.purchase(member)).pointsGranted).toBe(10);
  });

  it('is asked for even by a receipt that earns nothing, so that a day goes in whole or not at all', () => {
    const shop = new Shop(new ConfigurationBuilder().policy().rule());
    const [outcome] = shop.batch(shop.purchase(shop.member(), worth(999)));
    expect(outcome).toMatchObject({ kind: 'refused', problem: { code: 'NO_ACCOUNTING_POLICY' } });
  });
});

describe('a member who is not active', () => {
  it.each([
    ['suspended', 'MEMBER_SUSPENDED'],
    ['closed', 'MEMBER_CLOSED'],
  ] as const)('%s: the receipt is recorded, earns nothing, and the answer says so', (status, code) => {
    const shop = new Shop(ConfigurationBuilder.shop().tiers());
    const member = shop.member(status);
    const [outcome] = shop.batch(shop.purchase(member));
    expect(accepted(outcome)).toMatchObject({
      pointsGranted: 0,
      grants: [],
      balance: { total: 0 },
      tierChange: null,
      standing: { tier: 'basic', progress: [{ value: 0 }] },
      notices: [{ code }],
    });
    expect(outcome).toMatchObject({ explanation: [{ why: 'memberNotActive', points: 0 }] });
    expect(shop.events(member).map(({ type }) => type)).toContain('purchase.recorded');
    expect(shop.refuses(shop.redeem(member, { points: 1 })).code).toBe(code);
  });
});

describe('a late receipt', () => {
  it('whose points have expired already is granted and expires at once, and the answer says so', () => {
    const shop = new Shop(
      ConfigurationBuilder.shop().policy({ expiry: { type: 'days', days: 1 } }, { version: 2 }),
    );
    const member = shop.member();
    const answer = shop.does(shop.purchase(member, { occurredAt: Date.parse('2026-03-01T12:00:00Z') }));
    expect(answer).toMatchObject({
      pointsGranted: 10,
      grants: [{ points: 10, state: 'expired', expiresAt: '2026-03-02T23:00:00.000Z' }],
      balance: { available: 0, total: 0, lifetimeEarned: 10, expiring: [] },
      notices: [{ code: 'POINTS_ALREADY_EXPIRED' }],
    });
    expect(shop.ledger(member).movements).toMatchObject([
      { eventCode: 'E01', postingDate: '2026-03-01' },
      { eventCode: 'E15', postingDate: '2026-03-02', liability: -891_972n },
    ]);
    expectLedgerToAddUp(shop.ledger(member));
  });

  it('is evaluated with the rules and the expiry in force when it occurred', () => {
    const config = ConfigurationBuilder.shop()
      .policy({ expiry: { type: 'never' } }, { version: 2, from: '2026-03-05T00:00:00Z' })
      .rule({ amount: perSpend({ points: 2 }) }, { version: 2, from: '2026-03-05T00:00:00Z' });
    const shop = new Shop(config);
    const member = shop.member();
    const before = shop.does(shop.purchase(member, { occurredAt: Date.parse('2026-03-04T23:59:59.999Z') }));
    const after = shop.does(shop.purchase(member, { occurredAt: Date.parse('2026-03-05T00:00:00Z') }));
    expect(before.grants).toMatchObject([
      { rule: { version: 1 }, points: 10, expiresAt: '2027-03-05T23:00:00.000Z' },
    ]);
    expect(after.grants).toMatchObject([{ rule: { version: 2 }, points: 20, expiresAt: null }]);
  });

  it('earns by the tier of the day it occurred on', () => {
    const config = ConfigurationBuilder.shop()
      .tiers({
        tiers: [
          { key: 'basic', name: 'Basic', threshold: 0 },
          { key: 'gold', name: 'Gold', threshold: 10_000 },
        ],
      })
      .rule({ amount: perSpend({ tierMultipliers: { gold: '1.5' } }) }, { version: 2 });
    const shop = new Shop(config);
    const member = shop.member();
    expect(shop.does(shop.purchase(member))).toMatchObject({
      pointsGranted: 10,
      tierChange: { from: 'basic', to: 'gold' },
    });
    expect(shop.does(shop.purchase(member)).pointsGranted).toBe(15);
    expect(
      shop.does(shop.purchase(member, { occurredAt: Date.parse('2026-03-09T12:00:00Z') })).pointsGranted,
    ).toBe(10);
  });

  it('from the time of an older ladder never takes away a tier of the new one', () => {
    const config = ConfigurationBuilder.shop()
      .tiers()
      .tiers(
        {
          tiers: [
            { key: 'bronze', name: 'Bronze', threshold: 0 },
            { key: 'diamond', name: 'Diamond', threshold: 10_000 },
          ],
        },
        { version: 2, from: '2026-03-05T00:00:00Z' },
      );
    const shop = new Shop(config);
    const member = shop.member();
    expect(shop.does(shop.purchase(member)).standing.tier).toBe('diamond');
    const late = shop.does(
      shop.purchase(member, { occurredAt: Date.parse('2026-03-04T12:00:00Z'), ...worth(200) }),
    );
    expect(late.standing.tier).toBe('diamond');
  });
});

describe('a receipt that names redemptions', () => {
  it('captures those on hold and earns on what was paid', () => {
    const shop = new Shop();
    const member = shop.member();
    shop.does(shop.purchase(member));
    const { id } = shop.does(shop.redeem(member, { points: 6, mode: 'authorise' }));
    const answer = shop.does(shop.purchase(member, { redemptionIds: [id] }));
    expect(answer).toMatchObject({
      redemptions: [id],
      pointsGranted: 10,
      balance: { available: 14, held: 0, lifetimeRedeemed: 6 },
    });
    const captured = shop.events(member).find(({ type }) => type === 'redemption.captured');
    expect(captured?.data).toMatchObject({ redemption: { id, status: 'captured', purchaseId: answer.id } });
    expectLedgerToAddUp(shop.ledger(member));
  });

  it('ties those that were captured before to itself', () => {
    const shop = new Shop();
    const member = shop.member();
    shop.does(shop.purchase(member));
    const { id } = shop.does(shop.redeem(member, { points: 6 }));
    const answer = shop.does(shop.purchase(member, { redemptionIds: [id] }));
    const used = shop.events(member).find(({ type }) => type === 'redemption.used');
    expect(used?.data).toMatchObject({ redemption: { id, purchaseId: answer.id } });
    expect(shop.ledger(member).lifetimeRedeemed).toBe(6);
  });

  it.each([
    ['unknown', 'REDEMPTION_NOT_FOUND'],
    ['given up', 'REDEMPTION_NOT_AUTHORISED'],
    ['used on another receipt', 'REDEMPTION_ALREADY_USED'],
  ])('is refused as a whole where one is %s', (how, code) => {
    const shop = new Shop();
    const member = shop.member();
    shop.does(shop.purchase(member));
    const { id } = shop.does(shop.redeem(member, { points: 6, mode: 'authorise' }));
    if (how === 'given up') shop.does(shop.void(id));
    if (how === 'used on another receipt') shop.does(shop.purchase(member, { redemptionIds: [id] }));
    const named = how === 'unknown' ? ('rdm_00000000000000000000000000' as const) : id;
    const before = shop.snapshot(member);
    expect(shop.refuses(shop.purchase(member, { redemptionIds: [named] }))).toMatchObject({
      code,
      errors: [{ pointer: '/redemptionIds/0', code }],
    });
    expect(shop.snapshot(member)).toEqual(before);
  });

  it('cannot be paid with the points it would earn', () => {
    const shop = new Shop(ConfigurationBuilder.shop().reward('coffee', { points: 5 }));
    const member = shop.member();
    shop.does(shop.purchase(member, worth(3000)));
    expect(shop.refuses(shop.redeem(member, { rewardId: 'coffee' })).meta).toEqual({
      required: 5,
      available: 3,
      missing: 2,
    });
  });

  it('has them loaded, whatever their state', () => {
    const shop = new Shop();
    const command = shop.purchase(shop.member(), { redemptionIds: ['rdm_00000000000000000000000001'] });
    const handler = shop.rules.handlers.get(command.type);
    expect(handler?.needsLazyRows(command.body)).toBe(true);
    expect(handler?.referencedIds?.(command.body)).toEqual(['rdm_00000000000000000000000001']);
  });
});
