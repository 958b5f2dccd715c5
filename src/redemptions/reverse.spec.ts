import { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { numberedId } from '../../test/builders/ids.js';
import { purchaseLines } from '../../test/builders/purchase.js';
import { Shop, type Person } from '../../test/builders/shop.js';
import { expectLedgerToAddUp } from '../../test/invariants/ledger.js';
import { definition } from '../composition.js';
import { ok } from '../kernel/result.js';
import type { CommandHandler } from '../platform/pipeline/index.js';
import { redemptionProblems } from './problems.js';

/** Lets a member owe points, as the return of what earned spent ones does. */
const owe: CommandHandler<{ readonly points: number }> = {
  type: 'test.owe',
  needsLazyRows: () => true,
  unknownTarget: () => redemptionProblems.problem('REDEMPTION_NOT_FOUND', 'nobody'),
  naturalConflict: () => redemptionProblems.problem('REDEMPTION_CONFLICT', 'otherwise'),
  decide: ({ points }, work) => {
    const cause = { type: 'return', id: numberedId('ret', 1) } as const;
    const incurred = work.emit({ type: 'debt.incurred', data: { points, cause } });
    return incurred.ok ? ok({ status: 200, body: {} }) : incurred;
  },
};
const withDebts = { ...definition, handlers: new Map([...definition.handlers, [owe.type, owe]]) };

type Policy = Parameters<ConfigurationBuilder['policy']>[0];

/** A member with one lot of that many points, which live 30 days unless told otherwise. */
function withPoints(points: number, policy: Policy = {}, change = (config: ConfigurationBuilder) => config) {
  const config = ConfigurationBuilder.shop().policy(
    { expiry: { type: 'days', days: 30 }, ...policy },
    { version: 2 },
  );
  const shop = new Shop(change(config), withDebts);
  const member = shop.member();
  earn(shop, member, points);
  return { shop, member };
}

/** One point for each 10.00. */
function earn(shop: Shop, member: Person, points: number) {
  return shop.does(shop.purchase(member, { lines: purchaseLines({ amountMinor: points * 1000 }) }));
}

const lotsOf = (shop: Shop, member: Person) => [...shop.ledger(member).lots.values()];

describe('a redemption that is reversed', () => {
  it('gives its points back to their lot, and the till the discount to charge', () => {
    const { shop, member } = withPoints(100);
    const { id } = shop.does(shop.redeem(member, { points: 40 }));
    expect(shop.does(shop.reverse(id))).toMatchObject({
      id,
      status: 'reversed',
      points: 40,
      discountMinor: 400,
      reversedPoints: 40,
      reversedDiscountMinor: 400,
      reversal: { points: 40, discountMinor: 400, expired: 0, toDebt: 0 },
      balance: { available: 100, lifetimeRedeemed: 0 },
    });
    expect(lotsOf(shop, member)).toMatchObject([{ available: 100, redeemed: 0, firstExpiresAt: null }]);
    expectLedgerToAddUp(shop.ledger(member));
  });

  it('posts what the points released (E12), A25: 33.03 out, in, and out again', () => {
    const { shop, member } = withPoints(100, {}, (config) =>
      config.accounting({ valuePerPoint: '1' }, { version: 2 }),
    );
    const { id } = shop.does(shop.redeem(member, { points: 40 }));
    shop.does(shop.reverse(id));
    shop.does(shop.redeem(member, { points: 40 }));
    // 1,000.00 shared with 100 points at 1.00 x 0.9: 82.568807 is deferred.
    expect(shop.ledger(member).movements.map(({ eventCode, liability }) => [eventCode, liability])).toEqual([
      ['E01', 82_568_807n],
      ['E06', -33_027_523n],
      ['E12', 33_027_523n],
      ['E06', -33_027_523n],
    ]);
  });

  it('comes back in parts, the last taken first', () => {
    const { shop, member } = withPoints(10);
    shop.at('2026-03-11T12:00:00+01:00');
    earn(shop, member, 10);
    const { id, lots } = shop.does(shop.redeem(member, { points: 16 }));
    const [first, second] = lots as { lotId: string }[];
    expect(shop.does(shop.reverse(id, 9))).toMatchObject({
      status: 'captured',
      lots,
      reversedPoints: 9,
      reversedDiscountMinor: 90,
      reversal: { lots: [{ ...second, points: 6 }, { ...first, points: 3 }] }, // prettier-ignore
      balance: { available: 13 },
    });
    expect(shop.refuses(shop.reverse(id, 8))).toMatchObject({
      code: 'REVERSAL_EXCEEDS_REDEMPTION',
      meta: { left: 7 },
    });
    expect(shop.does(shop.reverse(id))).toMatchObject({
      status: 'reversed',
      reversal: { points: 7, lots: [{ ...first, points: 7 }] },
    });
    expect(shop.refuses(shop.reverse(id)).code).toBe('NOTHING_LEFT_TO_REVERSE');
    expect(shop.ledger(member)).toMatchObject({ available: 20, lifetimeRedeemed: 0 });
    expectLedgerToAddUp(shop.ledger(member));
  });

  it('was captured: a hold is voided instead, and what was voided stays so', () => {
    const { shop, member } = withPoints(100);
    const { id } = shop.does(shop.redeem(member, { points: 40, mode: 'authorise' }));
    const problem = shop.refuses(shop.reverse(id));
    expect(problem).toMatchObject({ code: 'REDEMPTION_NOT_CAPTURED', meta: { status: 'authorised' } });
    expect(problem.detail).toContain('Void it instead');
    shop.does(shop.void(id));
    expect(shop.refuses(shop.reverse(id))).toMatchObject({
      code: 'REDEMPTION_NOT_CAPTURED',
      meta: { status: 'voided' },
    });
  });

  it('cannot be captured, voided or used on a receipt afterwards', () => {
    const { shop, member } = withPoints(100);
    const { id } = shop.does(shop.redeem(member, { points: 40 }));
    shop.does(shop.reverse(id));
    expect(shop.refuses(shop.capture(id)).code).toBe('REDEMPTION_NOT_AUTHORISED');
    expect(shop.refuses(shop.void(id)).code).toBe('REDEMPTION_NOT_AUTHORISED');
    expect(shop.refuses(shop.purchase(member, { redemptionIds: [id] })).code).toBe(
      'REDEMPTION_NOT_AUTHORISED',
    );
  });

  it('may have been used on a receipt', () => {
    const { shop, member } = withPoints(100);
    const { id } = shop.does(shop.redeem(member, { points: 40, mode: 'authorise' }));
    const { id: purchaseId } = shop.does(shop.purchase(member, { redemptionIds: [id] }));
    expect(shop.does(shop.reverse(id, 10))).toMatchObject({ purchaseId, reversedPoints: 10 });
  });

  it('that nobody made is not found', () => {
    const { shop } = withPoints(10);
    expect(shop.refuses(shop.reverse('rdm_01h455vb4pex5vsknk084sn02q')).code).toBe('REDEMPTION_NOT_FOUND');
  });

  it('fills a debt first', () => {
    const { shop, member } = withPoints(100);
    const { id } = shop.does(shop.redeem(member, { points: 100 }));
    shop.does(shop.command(owe.type, { kind: 'member', id: member.memberId }, { points: 30 }, {}));
    expect(shop.does(shop.reverse(id, 50))).toMatchObject({
      reversal: { points: 50, toDebt: 30 },
      balance: { available: 20, debt: 0 },
    });
    expectLedgerToAddUp(shop.ledger(member));
  });

  it('is published with its share of the discount and the reason', () => {
    const { shop, member } = withPoints(100);
    const { id } = shop.does(shop.redeem(member, { points: 40 }));
    const command = shop.reverse(id, 10);
    shop.does({ ...command, body: { ...(command.body as object), reason: 'taken by mistake' } });
    expect(shop.events(member).find(({ type }) => type === 'redemption.reversed')).toMatchObject({
      version: 1,
      data: {
        redemption: { id, status: 'captured', reversedPoints: 10, reversedDiscountMinor: 100 },
        cause: { type: 'redemption', id },
        points: 10,
        discountMinor: 100,
        reason: 'taken by mistake',
      },
    });
  });

  it('is worked out by a dry run that changes nothing', () => {
    const { shop, member } = withPoints(100);
    const { id } = shop.does(shop.redeem(member, { points: 40 }));
    const before = shop.snapshot(member);
    expect(shop.does(shop.reverse(id, null, { dryRun: true })).balance.available).toBe(100);
    expect(shop.snapshot(member)).toEqual(before);
  });

  it('is reversed once however often it is asked with one key', () => {
    const { shop, member } = withPoints(100);
    const { id } = shop.does(shop.redeem(member, { points: 40 }));
    const first = shop.does(shop.reverse(id, 10, { idempotencyKey: 'once' }));
    expect(shop.does(shop.reverse(id, 10, { idempotencyKey: 'once' }))).toEqual(first);
    expect(shop.ledger(member).available).toBe(70);
  });
});

describe('a redemption reversed after its lots have ended', () => {
  const late = (policy: Policy = {}) => {
    const { shop, member } = withPoints(100, policy);
    const { id } = shop.does(shop.redeem(member, { points: 40 }));
    shop.at('2026-04-20T12:00:00+02:00');
    return { shop, member, id };
  };

  it('gives points back with their own expiry: they expire at once', () => {
    const { shop, member, id } = late();
    expect(shop.does(shop.reverse(id))).toMatchObject({
      status: 'reversed',
      reversal: { points: 40, expired: 40 },
      balance: { available: 0 },
    });
    expect(lotsOf(shop, member)).toMatchObject([{ expired: 100, redeemed: 0 }]);
    expect(shop.ledger(member).movements.slice(-2)).toMatchObject([
      { eventCode: 'E12', to: 'available', occurredAt: Date.parse('2026-04-20T12:00:00+02:00') },
      { eventCode: 'E15', to: 'expired', occurredAt: Date.parse('2026-04-20T12:00:00+02:00') },
    ]);
    expectLedgerToAddUp(shop.ledger(member));
  });

  it('lets them live for the least validity that the programme promises, through the end of the day', () => {
    const { shop, member, id } = late({ minValidityDaysOnRestore: 7 });
    expect(shop.does(shop.reverse(id))).toMatchObject({
      reversal: { expired: 0 },
      balance: { available: 40, expiring: [{ points: 40, expiresAt: '2026-04-27T22:00:00.000Z' }] },
    });
    expect(lotsOf(shop, member)).toMatchObject([
      { firstExpiresAt: Date.parse('2026-04-10T00:00:00+02:00'), expired: 60 },
    ]);
    expect(shop.ledger(member).slides).toEqual([]);
    shop.at('2026-04-27T23:59:59.999+02:00').does(shop.applyDue(member));
    expect(shop.ledger(member).available).toBe(40);
    shop.at('2026-04-28T00:00:00+02:00').does(shop.applyDue(member));
    expect(shop.ledger(member).available).toBe(0);
    expectLedgerToAddUp(shop.ledger(member));
  });

  it('leaves an expiry alone that is further away, and one that never comes', () => {
    const { shop, member } = withPoints(100, { minValidityDaysOnRestore: 7 });
    const { id } = shop.does(shop.redeem(member, { points: 40 }));
    shop.does(shop.reverse(id));
    expect(lotsOf(shop, member)[0]?.firstExpiresAt).toBeNull();
    const never = withPoints(100, { expiry: { type: 'never' }, minValidityDaysOnRestore: 7 });
    const used = never.shop.does(never.shop.redeem(never.member, { points: 40 }));
    never.shop.at('2036-03-10T12:00:00+01:00').does(never.shop.reverse(used.id));
    expect(lotsOf(never.shop, never.member)).toMatchObject([{ available: 100, expiresAt: null }]);
  });

  it('moves the common end of sliding points as far as is promised', () => {
    const { shop, member, id } = late({
      expiry: { type: 'sliding', days: 30 },
      minValidityDaysOnRestore: 7,
    });
    expect(shop.does(shop.reverse(id)).balance).toMatchObject({
      available: 40,
      expiring: [{ points: 40, expiresAt: '2026-04-27T22:00:00.000Z' }],
    });
    expectLedgerToAddUp(shop.ledger(member));
  });

  it('promises it to each lot in its own way where some slide and some do not', () => {
    const terms = { expiry: { type: 'sliding', days: 30 }, minValidityDaysOnRestore: 7 } as const;
    const { shop, member } = withPoints(60, terms, (config) =>
      config.rule(
        {
          expiry: { type: 'days', days: 30 },
          lines: { includeCategories: ['fresh'], excludeCategories: [] },
        },
        { key: 'fresh' },
      ),
    );
    // 40 points that end by themselves, and as many by the rule of all goods, which slide.
    shop.does(shop.purchase(member, { lines: purchaseLines({ amountMinor: 40_000, category: 'fresh' }) }));
    const { id } = shop.does(shop.redeem(member, { points: 140 }));
    shop.at('2026-04-20T12:00:00+02:00').does(shop.reverse(id));
    expect(shop.ledger(member).available).toBe(140);
    shop.does(shop.purchase(member, { lines: purchaseLines({ amountMinor: 100 }) }));
    const promised = Date.parse('2026-04-28T00:00:00+02:00');
    const slid = { expiresAt: Date.parse('2026-05-21T00:00:00+02:00'), firstExpiresAt: null };
    expect(lotsOf(shop, member)).toMatchObject([
      { slides: true, available: 60, ...slid },
      { slides: true, available: 40, ...slid },
      { slides: false, available: 40, expiresAt: promised },
    ]);
    expectLedgerToAddUp(shop.ledger(member));
  });

  it('lets sliding points expire where nothing is promised', () => {
    const { shop, member, id } = late({ expiry: { type: 'sliding', days: 30 } });
    expect(shop.does(shop.reverse(id)).reversal).toMatchObject({ points: 40, expired: 40 });
    expectLedgerToAddUp(shop.ledger(member));
  });
});

describe('a reward that is reversed', () => {
  const withMug = () => withPoints(100, {}, (config) => config.reward('mug', { points: 10, stocked: true }));

  it('comes back whole, and goes back on the shelf', () => {
    const { shop, member } = withMug();
    shop.stock('mug', 1);
    const { id } = shop.does(shop.redeem(member, { rewardId: 'mug' }));
    expect(shop.refuses(shop.reverse(id, 9))).toMatchObject({
      code: 'REWARD_NOT_DIVISIBLE',
      meta: { left: 10 },
    });
    expect(shop.remaining('mug')).toBe(0);
    shop.does(shop.reverse(id, 10));
    expect(shop.remaining('mug')).toBe(1);
  });

  it('can be had by somebody else in the same batch', () => {
    const { shop, member } = withMug();
    shop.stock('mug', 1);
    const { id } = shop.does(shop.redeem(member, { rewardId: 'mug' }));
    const outcomes = shop.batch(shop.reverse(id), shop.redeem(member, { rewardId: 'mug' }));
    expect(outcomes.map(({ kind }) => kind)).toEqual(['answered', 'answered']);
    expect(shop.remaining('mug')).toBe(0);
  });
});

describe("a redemption of an account that is not its member's any more", () => {
  /** The points of a redemption come back where it was made; its member is somewhere else by now. */
  const moved = () => {
    const { shop, member } = withPoints(100);
    const { id } = shop.does(shop.redeem(member, { points: 40 }));
    const elsewhere = shop.member();
    const reverse = (points: number | null = null) => ({
      ...shop.reverse(id, points),
      counterparty: { kind: 'member', id: elsewhere.memberId } as const,
    });
    return { shop, member, elsewhere, reverse };
  };

  it('gives its points back there and passes them on', () => {
    const { shop, member, elsewhere, reverse } = moved();
    expect(shop.does(reverse(30))).toMatchObject({
      status: 'captured',
      reversedPoints: 30,
      reversal: { points: 30, expired: 0, transferId: expect.stringMatching(/^trf_/) },
      balance: { available: 30 },
    });
    expect(shop.ledger(member)).toMatchObject({ available: 60, lifetimeRedeemed: 10 });
    expect(lotsOf(shop, member)).toMatchObject([{ available: 60, redeemed: 10, moved: 30 }]);
    expect(lotsOf(shop, elsewhere)).toMatchObject([
      { points: 30, available: 30, parentLotId: lotsOf(shop, member)[0]?.lotId },
    ]);
    expectLedgerToAddUp(shop.ledger(member));
    expectLedgerToAddUp(shop.ledger(elsewhere));
  });

  it('passes on nothing of what expired at once', () => {
    const { shop, member, elsewhere, reverse } = moved();
    shop.at('2026-04-20T12:00:00+02:00');
    expect(shop.does(reverse())).toMatchObject({
      reversal: { points: 40, expired: 40, transferId: null },
      balance: { available: 0, total: 0 },
    });
    expect(lotsOf(shop, elsewhere)).toEqual([]);
    expectLedgerToAddUp(shop.ledger(member));
  });
});
