import { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { basketBonus, perUnit } from '../../test/builders/earning-rule.js';
import { purchaseLines } from '../../test/builders/purchase.js';
import { Shop, type Answer, type Person } from '../../test/builders/shop.js';
import { MAX_POINTS } from '../kernel/points.js';
import { earningCountersSlice } from './index.js';

const configuration = () => new ConfigurationBuilder().accounting();
const gives = (points: number) => ({ amount: basketBonus(points, 0) });

function earn(shop: Shop, member: Person, overrides: Parameters<Shop['purchase']>[1] = {}): Answer {
  return shop.does(shop.purchase(member, overrides));
}

/** The trace of a receipt: each rule's points, and what cut them. */
function traces(shop: Shop, member: Person, overrides: Parameters<Shop['purchase']>[1] = {}) {
  const [outcome] = shop.batch(shop.purchase(member, overrides));
  if (outcome?.kind !== 'answered') throw new Error('refused');
  const explanation = outcome.explanation as {
    rule: { id: string };
    points: number;
    limitedBy: string | null;
  }[];
  return explanation.map(({ rule, points, limitedBy }) => [rule.id, points, limitedBy]);
}

describe('a balance that may reach 1,000 points', () => {
  it('takes 50 of 100 earned with 900 available and 50 pending, and says which cap', () => {
    const shop = new Shop(
      configuration()
        .policy({ maximumBalance: 1000 })
        .rule(gives(900), { key: 'a', from: '2026-01-01T00:00:00Z' })
        .rule(
          { ...gives(50), pending: { type: 'days', days: 30 } },
          { key: 'b', from: '2026-01-01T00:00:00Z' },
        )
        .rule({ ...gives(1), active: false }, { key: 'a', version: 2, from: '2026-03-11T00:00:00Z' })
        .rule(gives(100), { key: 'b', version: 2, from: '2026-03-11T00:00:00Z' }),
    );
    const member = shop.member();
    expect(earn(shop, member).balance).toMatchObject({ available: 900, pending: 50 });
    shop.at('2026-03-12T12:00:00+01:00');
    expect(traces(shop, member)).toEqual([
      ['a', 0, null],
      ['b', 50, 'programme.maximumBalance'],
    ]);
    expect(shop.ledger(member)).toMatchObject({ available: 950, pending: 50 });
  });

  it('counts held points, and has room again once points are spent', () => {
    const shop = new Shop(configuration().policy({ maximumBalance: 100 }).rule(gives(80)));
    const member = shop.member();
    earn(shop, member);
    const hold = shop.does(shop.redeem(member, { points: 50, mode: 'authorise' }));
    expect(earn(shop, member).pointsGranted).toBe(20);
    shop.does(shop.capture(hold.id as string));
    expect(earn(shop, member).pointsGranted).toBe(50);
  });

  it('shares what room there is by the order of the rules', () => {
    const shop = new Shop(
      configuration()
        .policy({ maximumBalance: 100 })
        .rule(gives(70), { key: 'z' })
        .rule(gives(60), { key: 'a' }),
    );
    expect(traces(shop, shop.member())).toEqual([
      ['a', 60, null],
      ['z', 40, 'programme.maximumBalance'],
    ]);
  });
});

describe('a rule with limits', () => {
  const limited = (limits: { period: 'day' | 'month' | 'total'; points?: number; times?: number }[]) =>
    configuration()
      .policy()
      .rule({
        ...gives(60),
        limits: limits.map(({ period, points = null, times = null }) => ({ period, points, times })),
      });

  it("cuts what is above, by the receipt's own day, the late one too", () => {
    const shop = new Shop(limited([{ period: 'day', points: 100 }])).at('2026-03-10T12:00:00+01:00');
    const member = shop.member();
    expect(traces(shop, member)).toEqual([['base', 60, null]]);
    expect(traces(shop, member)).toEqual([['base', 40, 'rule.perDay']]);
    expect(traces(shop, member)).toEqual([['base', 0, 'rule.perDay']]);
    const occurredAt = Date.parse('2026-03-09T23:59:59+01:00');
    expect(traces(shop, member, { occurredAt })).toEqual([['base', 60, null]]);
    shop.at('2026-03-11T00:00:00+01:00');
    expect(traces(shop, member)).toEqual([['base', 60, null]]);
  });

  it('counts by the day in the programme', () => {
    const shop = new Shop(limited([{ period: 'month', times: 1 }])).at('2026-03-31T23:59:59+02:00');
    const member = shop.member();
    expect(traces(shop, member)).toEqual([['base', 60, null]]);
    // Still March in UTC.
    shop.at('2026-04-01T00:00:00+02:00');
    expect(traces(shop, member)).toEqual([['base', 60, null]]);
  });

  it('counts for each member by itself', () => {
    const shop = new Shop(limited([{ period: 'total', times: 1 }]));
    expect(traces(shop, shop.member())).toEqual([['base', 60, null]]);
    expect(traces(shop, shop.member())).toEqual([['base', 60, null]]);
  });

  it('is kept of rules with a limit beyond the receipt, and of no others', () => {
    const shop = new Shop(
      limited([{ period: 'month', times: 5 }])
        .rule({ ...gives(1), limits: [{ period: 'purchase', points: 5, times: null }] }, { key: 'each' })
        .rule(gives(1), { key: 'free' }),
    );
    const member = shop.member();
    expect(earn(shop, member).pointsGranted).toBe(62);
    expect([...shop.ofMember(member, earningCountersSlice).known.keys()]).toEqual(['base']);
  });

  it('is left as it was by a dry run, which answers with the same figures', () => {
    const shop = new Shop(
      configuration()
        .policy({ maximumBalance: 90 })
        .rule({ ...gives(60), limits: [{ period: 'day', points: 70, times: null }] }),
    );
    const member = shop.member();
    earn(shop, member);
    const before = shop.snapshot(member);
    const [dry] = shop.batch(shop.purchase(member, {}, { dryRun: true }));
    expect(shop.snapshot(member)).toEqual(before);
    const [real] = shop.batch(shop.purchase(member));
    if (dry?.kind !== 'answered' || real?.kind !== 'answered') throw new Error('refused');
    expect(dry.explanation).toEqual(real.explanation);
    expect(dry.explanation).toMatchObject([{ points: 10, limitedBy: 'rule.perDay' }]);
    expect(shop.ledger(member).available).toBe(70);
  });

  it('is explained to whoever asks, and to nobody else', () => {
    const shop = new Shop(configuration().rule(gives(60)));
    const member = shop.member();
    const ask = (explain: boolean) => shop.batch(shop.purchase(member, {}, { explain }))[0] as object;
    expect(ask(false)).not.toHaveProperty('explanation');
    expect(ask(true)).toHaveProperty('explanation');
  });

  it('is counted for receipts of one batch, too', () => {
    const shop = new Shop(limited([{ period: 'total', points: 100 }]));
    const member = shop.member();
    shop.batch(shop.purchase(member), shop.purchase(member), shop.purchase(member));
    expect(shop.ledger(member).available).toBe(100);
  });
});

describe('the terms of points', () => {
  const at = '2026-03-10T12:00:00+01:00';
  const grantsOf = (config: ConfigurationBuilder) => {
    const shop = new Shop(config).at(at);
    return earn(shop, shop.member()).grants as { availableAt: string; expiresAt: string | null }[];
  };

  it("are the rule's before the tier's before the programme's", () => {
    const tierExpiry = { basic: { type: 'days', days: 10 } } as const;
    const config = () =>
      configuration()
        .policy({ expiry: { type: 'never' }, tierExpiry })
        .tiers();
    expect(grantsOf(config().rule(gives(1)))).toMatchObject([{ expiresAt: '2026-03-20T23:00:00.000Z' }]);
    expect(grantsOf(config().rule({ ...gives(1), expiry: { type: 'days', days: 5 } }))).toMatchObject([
      { expiresAt: '2026-03-15T23:00:00.000Z' },
    ]);
    expect(
      grantsOf(
        configuration()
          .policy({ expiry: { type: 'never' } })
          .rule(gives(1)),
      ),
    ).toMatchObject([{ expiresAt: null }]);
  });

  it('wait as the rule says, else as the programme does', () => {
    const pending = { type: 'days', days: 10 } as const;
    const config = () => configuration().policy({ pending, expiry: { type: 'months', months: 1 } });
    expect(grantsOf(config().rule(gives(1)))).toMatchObject([
      { availableAt: '2026-03-20T23:00:00.000Z', expiresAt: '2026-04-21T22:00:00.000Z' },
    ]);
    expect(grantsOf(config().rule({ ...gives(1), pending: { type: 'none' } }))).toMatchObject([
      { availableAt: '2026-03-10T11:00:00.000Z', expiresAt: '2026-04-10T22:00:00.000Z' },
    ]);
  });

  it('of points that slide are moved by the next receipt, though it earns nothing', () => {
    const shop = new Shop(
      configuration()
        .policy({ expiry: { type: 'sliding', days: 30 } })
        .rule({ amount: basketBonus(10, 5000) }),
    ).at(at);
    const member = shop.member();
    earn(shop, member);
    expect(shop.ledger(member).slidingExpiresAt).toBe(Date.parse('2026-04-10T00:00:00+02:00'));
    shop.at('2026-04-09T23:59:59+02:00');
    expect(earn(shop, member, { lines: purchaseLines({ amountMinor: 100 }) }).pointsGranted).toBe(0);
    expect(shop.ledger(member).slidingExpiresAt).toBe(Date.parse('2026-05-10T00:00:00+02:00'));
    shop.at('2026-05-10T00:00:00+02:00');
    shop.does(shop.applyDue(member));
    expect(shop.ledger(member).available).toBe(0);
  });

  it('of points that slide by a rule are moved by the next receipt, though the rule gives nothing for it', () => {
    const shop = new Shop(
      configuration()
        .policy({ expiry: { type: 'never' } })
        .rule({ amount: basketBonus(10, 5000), expiry: { type: 'sliding', days: 30 } }),
    ).at(at);
    const member = shop.member();
    earn(shop, member);
    shop.at('2026-03-20T12:00:00+01:00');
    expect(earn(shop, member, { lines: purchaseLines({ amountMinor: 100 }) }).pointsGranted).toBe(0);
    expect(shop.ledger(member).slidingExpiresAt).toBe(Date.parse('2026-04-20T00:00:00+02:00'));
  });

  it('of points that slide are not moved by a suspended member', () => {
    const shop = new Shop(
      configuration()
        .policy({ expiry: { type: 'sliding', days: 30 } })
        .rule(gives(1)),
    );
    const member = shop.member('suspended');
    earn(shop, member);
    expect(shop.ledger(member).slidingExpiresAt).toBeNull();
  });
});

describe('a basket that points paid for in part', () => {
  const lines = purchaseLines({ amountMinor: 6000 }, { amountMinor: 4000 });

  /** A receipt of 100.00 with as much of it paid with points, 0.10 each, which the member got on another day. */
  function pay(config: ConfigurationBuilder, points: number) {
    const gift = { includeCategories: ['gift'], excludeCategories: [] };
    const shop = new Shop(config.rule({ ...gives(1000), lines: gift }, { key: 'gift' }));
    const member = shop.member();
    earn(shop, member, { lines: purchaseLines({ category: 'gift', amountMinor: 0 }) });
    const hold = shop.does(shop.redeem(member, { points, mode: 'authorise' }));
    const answer = earn(shop, member, {
      lines,
      tenders: [
        { type: 'points', amountMinor: points * 10 },
        { type: 'card', amountMinor: 10_000 - points * 10 },
      ],
      redemptionIds: [hold.id],
    });
    const lots = [...shop.ledger(member).lots.values()];
    return { answer, allocated: lots.find(({ rule }) => rule?.id === 'base')?.allocated };
  }

  it('earns on the money', () => {
    expect(pay(ConfigurationBuilder.shop(), 500).answer.grants).toMatchObject([
      {
        points: 5,
        lines: [
          { lineNo: 1, points: 3 },
          { lineNo: 2, points: 2 },
        ],
      },
    ]);
  });

  it('earns on all of it where the rule says so', () => {
    const config = configuration().policy().rule({ earnOnPointsPaid: true });
    expect(pay(config, 500).answer.pointsGranted).toBe(10);
  });

  it('earns on its lines where the discount is in them already', () => {
    const shop = new Shop(configuration().policy().rule({ earnOnPointsPaid: true }));
    const reduced = purchaseLines({ amountMinor: 3000 }, { amountMinor: 2000 });
    expect(earn(shop, shop.member(), { lines: reduced }).pointsGranted).toBe(5);
  });

  it.each([
    [1, 891_080n],
    [500, 445_986n],
    [1000, 0n],
  ])('defers no more than its share of the money: %i points leave %d', (points, allocated) => {
    // 10 points at 0.10 x 0.9 beside goods of 100.00, of which 99.90, 50.00 and nothing is paid in money; sub-ledger units.
    const config = configuration().policy().rule({ earnOnPointsPaid: true });
    expect(pay(config, points).allocated).toBe(allocated);
  });
});

describe('one point a coffee', () => {
  it('gives 3 for four at 3, one of them free through a reward', () => {
    const shop = new Shop(configuration().policy().rule({ amount: perUnit() }));
    const lines = purchaseLines({ quantity: '4', rewardedQuantity: '1', amountMinor: 900 });
    expect(earn(shop, shop.member(), { lines }).pointsGranted).toBe(3);
  });
});

describe('a receipt that earns more than any other', () => {
  it('gets the most that a receipt may earn, all rules together, and is refused one point more', () => {
    const generous = () =>
      configuration()
        .policy()
        .rule(gives(MAX_POINTS - 1));
    const most = new Shop(generous().rule(gives(1), { key: 'more' }));
    expect(earn(most, most.member()).pointsGranted).toBe(MAX_POINTS);
    const tooMany = new Shop(generous().rule(gives(2), { key: 'more' }));
    expect(tooMany.refuses(tooMany.purchase(tooMany.member()))).toMatchObject({
      code: 'TOO_MANY_POINTS',
      detail: 'A receipt may earn at most 1000000000000 points.',
    });
  });
});
