import type { RedemptionId } from '../kernel/ids.js';
import { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { purchaseLines } from '../../test/builders/purchase.js';
import { requested, Shop, type Answer, type Person } from '../../test/builders/shop.js';
import { expectLedgerToAddUp } from '../../test/invariants/ledger.js';
import { redemptionsSlice } from './redemptions.slice.js';

interface Limits {
  readonly maximumPoints?: number;
  readonly maximumMinor?: number;
  readonly maximumShare?: string;
}

/** A member with 100 points; one takes 0.10 off the basket. */
function withLimits(limits: Limits = {}, change = (config: ConfigurationBuilder) => config) {
  const config = ConfigurationBuilder.shop().policy(
    { pointsOffBasket: { minorPerPoint: 10, minimumPoints: 1, ...limits } },
    { version: 2 },
  );
  const shop = new Shop(change(config));
  const member = shop.member();
  shop.does(shop.purchase(member, { lines: purchaseLines({ amountMinor: 100_000 }) }));
  const redeemed = (points: number) => shop.does(shop.redeem(member, { points })).id as RedemptionId;
  return { shop, member, redeemed };
}

describe('points off a basket', () => {
  it.each<[string, Limits, number, object]>([
    ['ABOVE_MAXIMUM_POINTS', { maximumPoints: 30 }, 30, { maximumPoints: 30, asked: 31 }],
    ['ABOVE_MAXIMUM_DISCOUNT', { maximumMinor: 309 }, 30, { maximumMinor: 309, asked: 310 }],
    [
      'ABOVE_MAXIMUM_SHARE',
      { maximumShare: '0.25' },
      30,
      { maximumShare: '0.25', maximumMinor: 300, basketMinor: 1200, asked: 310 },
    ],
  ])('are limited (%s), on hold or at once', (code, limits, most, meta) => {
    const { shop, member } = withLimits(limits);
    for (const mode of ['authorise', 'capture']) {
      const tooMany = shop.redeem(member, { points: most + 1, mode, basketMinor: 1200 });
      expect(shop.refuses(tooMany)).toMatchObject({ code, meta, errors: [{ pointer: '/points', code }] });
      expect(shop.does(shop.redeem(member, { points: most, mode, basketMinor: 1200 })).points).toBe(most);
    }
  });

  it('have no share of a basket that nobody named', () => {
    const { shop, member } = withLimits({ maximumShare: '0.25' });
    expect(shop.does(shop.redeem(member, { points: 100 })).discountMinor).toBe(1000);
  });

  it('limit no reward of the catalogue', () => {
    const { shop, member } = withLimits({ maximumPoints: 5, maximumMinor: 50, maximumShare: '0' }, (config) =>
      config.reward('mug', { points: 10, discountMinor: 500 }),
    );
    const { id } = shop.does(shop.redeem(member, { rewardId: 'mug', basketMinor: 100 }));
    expect(shop.does(shop.purchase(member, { redemptionIds: [id] })).redemptions).toEqual([id]);
  });
});

describe('a receipt paid in part with points', () => {
  /** A basket of 10.00 with two redemptions of 20 points, 2.00 each. */
  const baskets: [string, (redemptionIds: RedemptionId[]) => object][] = [
    [
      'as a tender',
      (redemptionIds) => ({
        redemptionIds,
        lines: purchaseLines({ amountMinor: 1000 }),
        tenders: [
          { type: 'points', amountMinor: 400 },
          { type: 'card', amountMinor: 600 },
        ],
      }),
    ],
    ['as a discount', (redemptionIds) => ({ redemptionIds, lines: purchaseLines({ amountMinor: 600 }) })],
  ];

  describe.each(baskets)('%s', (_, basket) => {
    it.each<[string, Limits, Limits, object]>([
      [
        'ABOVE_MAXIMUM_POINTS',
        { maximumPoints: 39 },
        { maximumPoints: 40 },
        { maximumPoints: 39, asked: 40 },
      ],
      [
        'ABOVE_MAXIMUM_DISCOUNT',
        { maximumMinor: 399 },
        { maximumMinor: 400 },
        { maximumMinor: 399, asked: 400 },
      ],
      [
        'ABOVE_MAXIMUM_SHARE',
        { maximumShare: '0.39' },
        { maximumShare: '0.4' },
        { maximumShare: '0.39', maximumMinor: 390, basketMinor: 1000, asked: 400 },
      ],
    ])('holds to %s over all its redemptions together', (code, tooLittle, enough, meta) => {
      const strict = withLimits(tooLittle);
      const ids = [strict.redeemed(20), strict.redeemed(20)];
      const before = strict.shop.snapshot(strict.member);
      expect(strict.shop.refuses(strict.shop.purchase(strict.member, basket(ids)))).toMatchObject({
        code,
        meta,
        errors: [{ pointer: '/redemptionIds', code }],
      });
      expect(strict.shop.snapshot(strict.member)).toEqual(before);
      const lenient = withLimits(enough);
      const allowed = [lenient.redeemed(20), lenient.redeemed(20)];
      expect(lenient.shop.does(lenient.shop.purchase(lenient.member, basket(allowed)))).toMatchObject({
        redemptions: allowed,
      });
    });
  });

  it('counts what came back of a redemption no more', () => {
    const { shop, member, redeemed } = withLimits({ maximumPoints: 40 });
    const ids = [redeemed(40), redeemed(20)];
    expect(shop.refuses(shop.purchase(member, { redemptionIds: ids })).code).toBe('ABOVE_MAXIMUM_POINTS');
    shop.does(shop.reverse(ids[0] as RedemptionId, 20));
    expect(shop.does(shop.purchase(member, { redemptionIds: ids })).redemptions).toEqual(ids);
  });

  it('is evaluated with the terms of its own day', () => {
    const { shop, member, redeemed } = withLimits({ maximumPoints: 20 }, (config) =>
      config.policy(
        { pointsOffBasket: { minorPerPoint: 10, minimumPoints: 1, maximumPoints: 40 } },
        { version: 3, from: '2026-03-10T00:00:00+01:00' },
      ),
    );
    const redemptionIds = [redeemed(40)];
    const before = Date.parse('2026-03-09T23:59:59+01:00');
    expect(shop.refuses(shop.purchase(member, { redemptionIds, occurredAt: before })).code).toBe(
      'ABOVE_MAXIMUM_POINTS',
    );
    expect(shop.does(shop.purchase(member, { redemptionIds })).redemptions).toEqual(redemptionIds);
  });

  it.each([
    ['more than its redemptions give', [20], 201, 200],
    ['without any redemption', [], 1, 0],
  ])('cannot be paid with points %s', (_, points, tenderedMinor, discountMinor) => {
    const { shop, member, redeemed } = withLimits();
    const redemptionIds = points.map(redeemed);
    const tenders = [{ type: 'points', amountMinor: tenderedMinor }];
    expect(shop.refuses(shop.purchase(member, { redemptionIds, tenders }))).toMatchObject({
      code: 'POINTS_TENDER_MISMATCH',
      detail: `${tenderedMinor} minor units were paid with points, the redemptions give ${discountMinor}.`,
      meta: { tenderedMinor, discountMinor },
      errors: [{ pointer: '/tenders' }],
    });
  });

  it('cannot be paid with more points than the basket comes to', () => {
    const { shop, member, redeemed } = withLimits();
    const redemptionIds = [redeemed(100)];
    const before = shop.snapshot(member);
    const order = (amountMinor: number) =>
      shop.purchase(member, {
        redemptionIds,
        lines: purchaseLines({ amountMinor: 600 }, { amountMinor: 300 }),
        tenders: [{ type: 'points', amountMinor }],
      });
    expect(shop.refuses(order(901))).toMatchObject({
      code: 'POINTS_TENDER_EXCEEDS_BASKET',
      status: 422,
      detail: '901 minor units were paid with points, lines with revenue "own" come to 900.',
      meta: { tenderedMinor: 901, linesMinor: 900 },
      errors: [{ pointer: '/tenders', code: 'POINTS_TENDER_EXCEEDS_BASKET' }],
    });
    expect(shop.snapshot(member)).toEqual(before);
    expect(shop.does(order(900)).redemptions).toEqual(redemptionIds);
  });

  it('may be paid with what a reward gives', () => {
    const { shop, member } = withLimits({}, (config) =>
      config.reward('voucher', { points: 10, discountMinor: 500 }),
    );
    const { id } = shop.does(shop.redeem(member, { rewardId: 'voucher' }));
    const tenders = [{ type: 'points', amountMinor: 500 }];
    expect(shop.does(shop.purchase(member, { redemptionIds: [id], tenders })).redemptions).toEqual([id]);
  });

  it('whose reward costs more than the balance is refused whole, and nothing is written', () => {
    const shop = new Shop(ConfigurationBuilder.shop().reward('mug', { points: 5 }));
    const member = shop.member();
    shop.does(shop.purchase(member, { lines: purchaseLines({ amountMinor: 3000 }) }));
    const before = shop.snapshot(member);
    // The order would earn 1 more, and names the redemption that the till asked for first.
    expect(shop.refuses(shop.redeem(member, { rewardId: 'mug' }))).toMatchObject({
      code: 'INSUFFICIENT_POINTS',
      meta: { required: 5, available: 3, missing: 2 },
    });
    const order = { lines: purchaseLines({ amountMinor: 1000 }), redemptionIds: [neverMade] };
    expect(shop.refuses(shop.purchase(member, order)).code).toBe('REDEMPTION_NOT_FOUND');
    expect(shop.snapshot(member)).toEqual(before);
  });
});

describe('a tender of points and the holds that cover it', () => {
  /** A member with 1,000 points; one takes 7 minor units off the basket. */
  const shopOfSevens = () => {
    const config = ConfigurationBuilder.shop()
      .policy({ pointsOffBasket: { minorPerPoint: 7, minimumPoints: 1 } }, { version: 2 })
      .reward('voucher', { points: 10, discountMinor: 650, stocked: true });
    const shop = new Shop(config).stock('voucher', 1);
    const member = shop.member();
    shop.does(shop.purchase(member, { lines: purchaseLines({ amountMinor: 600_000 }) }));
    shop.does(shop.purchase(member, { lines: purchaseLines({ amountMinor: 400_000 }) }));
    const held = (points: number, mode = 'authorise') => shop.does(shop.redeem(member, { points, mode }));
    const pays = (amountMinor: number, ...redemptions: Answer[]) =>
      shop.purchase(member, {
        redemptionIds: redemptions.map(({ id }) => id as RedemptionId),
        lines: purchaseLines({ amountMinor: 1000 }),
        tenders: [{ type: 'points', amountMinor }],
      });
    const redemption = ({ id }: Answer) => shop.ofAccount(member, redemptionsSlice).redemptions.get(id);
    return { shop, member, held, pays, redemption };
  };

  it('take the fewest points that cover it, and the rest is free at once', () => {
    const { shop, member, held, pays, redemption } = shopOfSevens();
    const hold = held(500);
    expect(shop.does(pays(1000, hold))).toMatchObject({
      pointsGranted: 0,
      redemptions: [hold.id],
      balance: { available: 857, held: 0, lifetimeRedeemed: 143 },
      notices: [{ code: 'HOLD_PARTLY_USED' }],
    });
    expect(redemption(hold)).toMatchObject({
      ...{ status: 'captured', points: 143, discountMinor: 1000, holdExpiresAt: null },
      lots: [{ points: 143 }],
    });
    expectLedgerToAddUp(shop.ledger(member));
    expect(shop.ledger(member).movements.slice(-2)).toMatchObject([
      { from: 'held', to: 'redeemed', points: 143, eventCode: 'E06' },
      { from: 'held', to: 'available', points: 357, eventCode: null },
    ]);
  });

  it('give the rest back to the lots that were taken last', () => {
    const { shop, held, pays, redemption } = shopOfSevens();
    const hold = held(800);
    const [first, second] = hold.lots;
    shop.does(pays(1000, hold));
    expect([first.points, second.points]).toEqual([600, 200]);
    expect(redemption(hold)?.lots).toEqual([{ lotId: first.lotId, points: 143 }]);
  });

  it('are let go where the tender is of 0', () => {
    const { shop, held, pays, redemption } = shopOfSevens();
    const hold = held(100);
    expect(shop.does(pays(0, hold))).toMatchObject({
      // One more for the receipt, which nothing but money paid.
      balance: { available: 1001, held: 0, lifetimeRedeemed: 0 },
      notices: [{ code: 'HOLD_NOT_NEEDED' }],
    });
    expect(redemption(hold)).toMatchObject({ status: 'voided', voidReason: 'notNeeded' });
  });

  it('are let go where others cover it', () => {
    const { shop, member, held, pays, redemption } = shopOfSevens();
    const holds = [held(143), held(100)];
    const order = shop.does(pays(1000, ...holds));
    expect(order).toMatchObject({
      balance: { available: 857, held: 0 },
      notices: [{ code: 'HOLD_NOT_NEEDED' }],
    });
    expect(redemption(holds[1] as Answer)).toMatchObject({
      ...{ status: 'voided', voidReason: 'notNeeded', purchaseId: null },
    });
    expect(shop.refuses(shop.void(holds[1]?.id)).code).toBe('REDEMPTION_NOT_AUTHORISED');
    // The return of the receipt knows which of the two paid for it.
    expect(shop.does(shop.returns(order.id))).toMatchObject({
      redemptions: [{ id: holds[0]?.id, points: 143 }],
      balance: { available: 1000, held: 0, lifetimeRedeemed: 0 },
    });
    expectLedgerToAddUp(shop.ledger(member));
  });

  it('are used beside a reward for what it leaves open', () => {
    const { shop, member, held, pays, redemption } = shopOfSevens();
    const voucher = shop.does(shop.redeem(member, { rewardId: 'voucher', mode: 'authorise' }));
    const hold = held(500);
    shop.does(pays(1000, hold, voucher));
    expect(redemption(hold)).toMatchObject({ points: 50, discountMinor: 350 });
    expect(redemption(voucher)).toMatchObject({ status: 'captured', points: 10, discountMinor: 650 });
    expect(shop.ledger(member).available).toBe(940);
  });

  it('say when what was captured before comes to more', () => {
    const { shop, held, pays, redemption } = shopOfSevens();
    const captured = held(500, 'capture');
    expect(shop.does(pays(1000, captured)).notices).toMatchObject([{ code: 'POINTS_ABOVE_TENDER' }]);
    expect(redemption(captured)).toMatchObject({ points: 500, discountMinor: 3500 });
  });

  it('are captured whole where the discount is off the lines already', () => {
    const { shop, member, held, redemption } = shopOfSevens();
    const hold = held(500);
    const order = shop.purchase(member, {
      redemptionIds: [hold.id],
      lines: purchaseLines({ amountMinor: 1000 }),
    });
    expect(shop.does(order)).toMatchObject({ notices: [], balance: { available: 501 } });
    expect(redemption(hold)).toMatchObject({ points: 500, discountMinor: 3500 });
  });

  it('have limits for what is used of them only', () => {
    const { shop, member } = withLimits({ maximumShare: '0.5' });
    const { id } = shop.does(shop.redeem(member, { points: 80, mode: 'authorise' }));
    const order = (amountMinor: number) =>
      shop.purchase(member, {
        redemptionIds: [id],
        lines: purchaseLines({ amountMinor: 1000 }),
        tenders: [{ type: 'points', amountMinor }],
      });
    expect(shop.refuses(order(501)).code).toBe('ABOVE_MAXIMUM_SHARE');
    expect(shop.does(order(500)).balance).toMatchObject({ available: 50, held: 0 });
  });

  it('come back with the money, to the last point', () => {
    const { shop, member, held } = shopOfSevens();
    const hold = held(500);
    const lines = purchaseLines({ amountMinor: 3000, quantity: '3' });
    const tenders = [{ type: 'points', amountMinor: 1000 }];
    const order = shop.does(shop.purchase(member, { redemptionIds: [hold.id], lines, tenders }));
    const one = () =>
      shop.does(shop.returns(order.id, { lines: [requested({ lineNo: 1, quantity: '1' })] })).redemptions[0]
        .points as number;
    expect([one(), one(), one()]).toEqual([47, 48, 48]);
    expect(shop.ledger(member)).toMatchObject({ available: 1000, lifetimeRedeemed: 0 });
    expectLedgerToAddUp(shop.ledger(member));
  });
});

const neverMade: RedemptionId = 'rdm_01h455vb4pex5vsknk084sn02q';

describe('a redemption where points slide', () => {
  const sliding = (policy: Parameters<ConfigurationBuilder['policy']>[0]) => {
    const shop = new Shop(ConfigurationBuilder.shop().tiers().policy(policy, { version: 2 }));
    const member: Person = shop.member();
    shop.does(shop.purchase(member, { lines: purchaseLines({ amountMinor: 100_000 }) }));
    shop.at('2026-03-20T12:00:00+01:00');
    return { shop, member, end: () => shop.ledger(member).slidingExpiresAt };
  };
  const first = Date.parse('2026-04-10T00:00:00+02:00');
  const moved = Date.parse('2026-04-20T00:00:00+02:00');

  it('moves their end when it is captured, not when it is only held', () => {
    const { shop, member, end } = sliding({ expiry: { type: 'sliding', days: 30 } });
    const { id } = shop.does(shop.redeem(member, { points: 10, mode: 'authorise' }));
    expect(end()).toBe(first);
    shop.does(shop.capture(id));
    expect(end()).toBe(moved);
    expect(shop.ledger(member).slides.at(-1)).toMatchObject({
      expiresAt: moved,
      cause: { type: 'redemption', id },
    });
  });

  it('moves their end by the policy for the tier of the member', () => {
    const { shop, member, end } = sliding({
      expiry: { type: 'never' },
      tierExpiry: { platinum: { type: 'sliding', days: 30 } },
    });
    shop.does(shop.redeem(member, { points: 10 }));
    expect(end()).toBe(moved);
  });

  it('leaves them alone under a policy that does not slide', () => {
    const { shop, member, end } = sliding({ expiry: { type: 'days', days: 30 } });
    shop.does(shop.redeem(member, { points: 10 }));
    expect(end()).toBeNull();
    expect(shop.ledger(member).slides).toEqual([]);
  });
});
