import { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { refused, Shop } from '../../test/builders/shop.js';
import { expectLedgerToAddUp } from '../../test/invariants/ledger.js';

describe('points that fell due', () => {
  const oneDay = () =>
    new Shop(ConfigurationBuilder.shop().policy({ expiry: { type: 'days', days: 1 } }, { version: 2 }));

  it('expire before the next decision, and a till that wanted them is told', () => {
    const shop = oneDay();
    const member = shop.member();
    shop.does(shop.purchase(member));
    shop.at('2026-03-12T00:00:00+01:00');
    expect(shop.refuses(shop.redeem(member, { points: 10 }))).toMatchObject({
      code: 'POINTS_EXPIRED',
      meta: { required: 10, available: 0, missing: 10 },
    });
  });

  it('can be spent up to the last millisecond', () => {
    const shop = oneDay();
    const member = shop.member();
    shop.does(shop.purchase(member));
    shop.at('2026-03-11T23:59:59.999+01:00');
    expect(shop.does(shop.redeem(member, { points: 10 })).status).toBe('captured');
  });

  it('are captured or voided once, by the first command', () => {
    const shop = oneDay();
    const member = shop.member();
    shop.does(shop.purchase(member));
    shop.at('2026-03-15T00:00:00+01:00');
    expect(shop.does(shop.applyDue(member)).settled).toBe(1);
    expect(shop.does(shop.applyDue(member)).settled).toBe(0);
    expect(shop.ledger(member).movements).toHaveLength(2);
    expect(shop.ledger(member).movements[1]).toMatchObject({
      occurredAt: Date.parse('2026-03-12T00:00:00+01:00'),
      recordedAt: Date.parse('2026-03-15T00:00:00+01:00'),
      postingDate: '2026-03-11',
    });
  });
});

describe('a hold', () => {
  const withPoints = (config = ConfigurationBuilder.shop()) => {
    const shop = new Shop(config);
    const member = shop.member();
    shop.does(shop.purchase(member));
    return {
      shop,
      member,
      hold: (points: number) => shop.does(shop.redeem(member, { points, mode: 'authorise' })),
    };
  };

  it('sets its points aside', () => {
    const { shop, member, hold } = withPoints();
    expect(hold(6)).toMatchObject({
      status: 'authorised',
      expiresAt: '2026-03-10T11:15:00.000Z',
      balance: { available: 4, held: 6, total: 10 },
    });
    expect(shop.refuses(shop.redeem(member, { points: 5 })).code).toBe('INSUFFICIENT_POINTS');
  });

  it('captured in part uses that part and gives the rest back, discount and all', () => {
    const { shop, member, hold } = withPoints();
    const { id } = hold(9);
    expect(shop.does(shop.capture(id, 4))).toMatchObject({
      status: 'captured',
      points: 4,
      discountMinor: 40,
      expiresAt: null,
      balance: { available: 6, held: 0, lifetimeRedeemed: 4 },
    });
    expectLedgerToAddUp(shop.ledger(member));
  });

  it('captured in part over several lots uses those that expire first', () => {
    const { shop, member } = withPoints();
    shop.at('2026-03-11T12:00:00+01:00');
    shop.does(shop.purchase(member));
    const { id, lots } = shop.does(shop.redeem(member, { points: 20, mode: 'authorise' }));
    const captured = shop.does(shop.capture(id, 13));
    expect(lots.map(({ points }: { points: number }) => points)).toEqual([10, 10]);
    expect(captured.lots).toEqual([lots[0], { ...lots[1], points: 3 }]);
    expectLedgerToAddUp(shop.ledger(member));
  });

  it('cannot be captured for more than it holds, nor twice', () => {
    const { shop, hold } = withPoints();
    const { id } = hold(9);
    expect(shop.refuses(shop.capture(id, 10))).toMatchObject({
      code: 'CAPTURE_EXCEEDS_HOLD',
      meta: { held: 9 },
    });
    shop.does(shop.capture(id));
    expect(shop.refuses(shop.capture(id))).toMatchObject({
      code: 'REDEMPTION_NOT_AUTHORISED',
      meta: { status: 'captured' },
    });
  });

  it('that is voided gives every point back to its lot', () => {
    const { shop, member, hold } = withPoints();
    const { id } = hold(9);
    expect(shop.does(shop.void(id))).toMatchObject({
      status: 'voided',
      voidReason: 'requested',
      balance: { available: 10, held: 0, lifetimeRedeemed: 0 },
    });
    expect(shop.refuses(shop.void(id)).code).toBe('REDEMPTION_NOT_AUTHORISED');
    expectLedgerToAddUp(shop.ledger(member));
  });

  it('that has lapsed is given up before the next decision', () => {
    const { shop, member, hold } = withPoints();
    const { id } = hold(9);
    shop.at('2026-03-10T12:15:00+01:00');
    expect(shop.does(shop.redeem(member, { points: 10 })).balance).toMatchObject({ available: 0, held: 0 });
    expect(shop.refuses(shop.capture(id)).code).toBe('HOLD_EXPIRED');
    expectLedgerToAddUp(shop.ledger(member));
  });

  it('still stands a millisecond before it lapses', () => {
    const { shop, hold } = withPoints();
    const { id } = hold(9);
    shop.at('2026-03-10T12:14:59.999+01:00');
    expect(shop.does(shop.capture(id)).status).toBe('captured');
  });

  describe('over the expiry of its points', () => {
    const overnight = () => {
      const story = withPoints(
        ConfigurationBuilder.shop().policy({ expiry: { type: 'days', days: 0 } }, { version: 2 }),
      );
      story.shop.at('2026-03-10T23:00:00+01:00');
      const { id } = story.shop.does(
        story.shop.redeem(story.member, { points: 10, mode: 'authorise', holdSeconds: 7200 }),
      );
      return { ...story, id };
    };

    it('keeps them alive: held at 23:00, captured at 00:30', () => {
      const { shop, id } = overnight();
      expect(shop.at('2026-03-11T00:30:00+01:00').does(shop.capture(id)).status).toBe('captured');
    });

    it('lets them expire when they come back, on that day', () => {
      const { shop, member, id } = overnight();
      const answer = shop.at('2026-03-11T00:30:00+01:00').does(shop.void(id));
      expect(answer.balance).toMatchObject({ available: 0, held: 0, total: 0 });
      expect(shop.ledger(member).movements.at(-1)).toMatchObject({
        to: 'expired',
        eventCode: 'E15',
        postingDate: '2026-03-11',
      });
      expectLedgerToAddUp(shop.ledger(member));
    });

    it('lets the unused part expire when the rest is captured', () => {
      const { shop, member, id } = overnight();
      shop.at('2026-03-11T00:30:00+01:00').does(shop.capture(id, 3));
      const [lot] = shop.ledger(member).lots.values();
      expect(lot).toMatchObject({ redeemed: 3, expired: 7, available: 0, held: 0 });
    });

    it('lets them expire when it lapses', () => {
      const { shop, member } = overnight();
      shop.at('2026-03-11T09:00:00+01:00').does(shop.applyDue(member));
      expect(shop.ledger(member).movements.at(-1)).toMatchObject({
        to: 'expired',
        occurredAt: Date.parse('2026-03-11T01:00:00+01:00'),
      });
    });
  });

  it('cannot be made with fewer points than the programme takes, nor where it gives no discount', () => {
    const least = withPoints(
      ConfigurationBuilder.shop().policy(
        { pointsOffBasket: { minorPerPoint: 1, minimumPoints: 5 } },
        { version: 2 },
      ),
    );
    expect(least.shop.refuses(least.shop.redeem(least.member, { points: 4 })).code).toBe(
      'BELOW_MINIMUM_POINTS',
    );
    const none = withPoints(ConfigurationBuilder.shop().policy({ pointsOffBasket: null }, { version: 2 }));
    expect(none.shop.refuses(none.shop.redeem(none.member, { points: 4 })).code).toBe(
      'POINTS_OFF_BASKET_DISABLED',
    );
  });
});

describe('a reward', () => {
  const shopWith = (reward: Parameters<ConfigurationBuilder['reward']>[1]) => {
    const shop = new Shop(ConfigurationBuilder.shop().reward('mug', reward));
    const rich = () => {
      const member = shop.member();
      shop.does(shop.purchase(member));
      return member;
    };
    return { shop, rich };
  };

  it('costs its points and gives its discount', () => {
    const { shop, rich } = shopWith({ points: 10, discountMinor: 500 });
    expect(shop.does(shop.redeem(rich(), { rewardId: 'mug' }))).toMatchObject({
      points: 10,
      discountMinor: 500,
      reward: { id: 'mug', version: 1 },
      balance: { available: 0 },
    });
  });

  it('is counted within a batch: two are left, three are asked for', () => {
    const { shop, rich } = shopWith({ stocked: true });
    shop.stock('mug', 2);
    const members = [rich(), rich(), rich()];
    const outcomes = shop.batch(
      ...members.map((member) => shop.redeem(member, { rewardId: 'mug', mode: 'authorise' })),
    );
    expect(outcomes.map(({ kind }) => kind)).toEqual(['answered', 'answered', 'refused']);
    expect(refused(outcomes[2]).code).toBe('OUT_OF_STOCK');
    expect(shop.remaining('mug')).toBe(0);
  });

  it('that is given up goes back on the shelf within the batch', () => {
    const { shop, rich } = shopWith({ stocked: true });
    shop.stock('mug', 1);
    const [first, second] = [rich(), rich()];
    const { id } = shop.does(shop.redeem(first, { rewardId: 'mug', mode: 'authorise' }));
    const outcomes = shop.batch(
      shop.redeem(second, { rewardId: 'mug' }),
      shop.void(id),
      shop.redeem(second, { rewardId: 'mug' }),
    );
    expect(outcomes.map(({ kind }) => kind)).toEqual(['refused', 'answered', 'answered']);
    expect(shop.remaining('mug')).toBe(0);
  });

  it('is taken off the shelf once, whether used at once or first put on hold', () => {
    const { shop, rich } = shopWith({ stocked: true });
    shop.stock('mug', 5);
    const { id } = shop.does(shop.redeem(rich(), { rewardId: 'mug', mode: 'authorise' }));
    shop.does(shop.capture(id));
    shop.does(shop.redeem(rich(), { rewardId: 'mug', mode: 'capture' }));
    expect(shop.remaining('mug')).toBe(3);
  });

  it('is captured whole', () => {
    const { shop, rich } = shopWith({ points: 10 });
    const { id } = shop.does(shop.redeem(rich(), { rewardId: 'mug', mode: 'authorise' }));
    expect(shop.refuses(shop.capture(id, 9)).code).toBe('CAPTURE_EXCEEDS_HOLD');
    expect(shop.does(shop.capture(id, 10)).points).toBe(10);
  });

  it.each([
    ['that nobody published', 'tea', {}, 'REWARD_NOT_FOUND'],
    ['that is not offered now', 'mug', { active: false }, 'REWARD_INACTIVE'],
    ['whose stock was never filled', 'mug', { stocked: true }, 'OUT_OF_STOCK'],
  ])('%s is refused', (_, rewardId, reward, code) => {
    const { shop, rich } = shopWith(reward);
    expect(shop.refuses(shop.redeem(rich(), { rewardId })).code).toBe(code);
  });
});

describe('what was authorised before the membership was suspended or closed', () => {
  it.each(['suspended', 'closed'] as const)('is honoured when it is %s, and no more is given', (status) => {
    const shop = new Shop();
    const member = shop.member();
    shop.does(shop.purchase(member));
    const [held, used] = [4, 3].map(
      (points) => shop.does(shop.redeem(member, { points, mode: 'authorise' })).id as string,
    );
    shop.become(member, status);
    expect(shop.does(shop.capture(held as string))).toMatchObject({ status: 'captured', points: 4 });
    const receipt = shop.purchase(member, { redemptionIds: [used as never] });
    expect(shop.does(receipt)).toMatchObject({ redemptions: [used], pointsGranted: 0 });
    expect(shop.refuses(shop.redeem(member, { points: 1 })).code).toBe(`MEMBER_${status.toUpperCase()}`);
    expect(shop.ledger(member)).toMatchObject({ available: 3, held: 0, lifetimeRedeemed: 7 });
  });
});

describe('what was ever earned', () => {
  it('is not lowered by returns; what is used is, by what comes back', () => {
    const shop = new Shop();
    const member = shop.member();
    const { id } = shop.does(shop.purchase(member));
    const redemption = shop.does(shop.redeem(member, { points: 4 }));
    expect(shop.ledger(member)).toMatchObject({ lifetimeEarned: 10, lifetimeRedeemed: 4 });
    shop.does(shop.reverse(redemption.id as string));
    shop.does(shop.returns(id as string));
    expect(shop.ledger(member)).toMatchObject({ available: 0, lifetimeEarned: 10, lifetimeRedeemed: 0 });
  });
});
