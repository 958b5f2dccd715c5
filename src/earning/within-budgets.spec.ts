import { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { basketBonus } from '../../test/builders/earning-rule.js';
import { purchaseLine } from '../../test/builders/purchase.js';
import { Shop, type Person } from '../../test/builders/shop.js';
import { SLICES, totalLeft, type Left } from '../budgets/index.js';

const campaign = (onExceed: 'truncate' | 'refuse' = 'truncate') => ({
  budget: { budgetId: 'campaign', onExceed },
});
const shopWith = (config: ConfigurationBuilder, ...slices: readonly number[]) =>
  new Shop(config.policy().accounting()).budget(
    'campaign',
    inAll(slices.map((points) => ({ points, uses: null, cost: null }))),
  );
/** The other slices have nothing. */
const inAll = (slices: readonly Left[]): readonly Left[] =>
  Array.from({ length: SLICES }, (_, slice) => {
    const { points, uses, cost } = slices[0] as Left;
    const empty = { points: points && 0, uses: uses && 0, cost: cost && 0n };
    return slices[slice] ?? empty;
  });
const gives = (points: number) => ({ amount: basketBonus(points, 0) });
const limited = () => new ConfigurationBuilder().budget('campaign').rule({ ...gives(40), ...campaign() });

/** What each rule gave on a receipt, why, and what limited it. */
function traces(shop: Shop, member: Person, dryRun = false) {
  const [outcome] = shop.batch(shop.purchase(member, {}, { dryRun }));
  if (outcome?.kind !== 'answered') throw new Error('refused');
  const rules = outcome.explanation as { points: number; why: string; limitedBy: string | null }[];
  return rules.map(({ points, why, limitedBy }) => [points, why, limitedBy]);
}
const left = (shop: Shop) => totalLeft(shop.leftOf('campaign').slices);
const announced = (shop: Shop, member: Person) =>
  shop.events(member).flatMap(({ type, data }) => (type.startsWith('budget.') ? [[type, data]] : []));

describe('a budget of 100 points', () => {
  it('is drawn until nothing is left, across its slices, whoever buys', () => {
    const shop = shopWith(limited(), 10, 60, 30);
    const [lin, may] = [shop.member(), shop.member()];
    expect(traces(shop, lin)).toEqual([[40, 'matched', null]]);
    expect(traces(shop, may)).toEqual([[40, 'matched', null]]);
    expect(traces(shop, lin)).toEqual([[20, 'matched', 'budget']]);
    expect(traces(shop, may)).toEqual([[0, 'budgetSpent', 'budget']]);
    expect([shop.ledger(lin).available, shop.ledger(may).available]).toEqual([60, 40]);
    expect(left(shop).points).toBe(0);
  });

  it('gives nothing of an award that it cannot cover whole, where the rule says so, and stays for smaller ones', () => {
    const rules = new ConfigurationBuilder()
      .budget('campaign')
      .rule({ ...gives(60), ...campaign('refuse') }, { key: 'a' })
      .rule({ ...gives(30), ...campaign('refuse') }, { key: 'b' });
    const shop = shopWith(rules, 50, 50);
    const member = shop.member();
    expect(traces(shop, member)).toEqual([
      [60, 'matched', null],
      [30, 'matched', null],
    ]);
    expect(traces(shop, member)).toEqual([
      [0, 'budgetSpent', 'budget'],
      [0, 'budgetSpent', 'budget'],
    ]);
    expect(left(shop).points).toBe(10);
  });

  it('is not drawn by a dry run, nor by a rule that names another or none', () => {
    const shop = shopWith(limited().rule(gives(7), { key: 'free' }), 100);
    const member = shop.member();
    expect(traces(shop, member, true)).toEqual([
      [40, 'matched', null],
      [7, 'matched', null],
    ]);
    expect(left(shop).points).toBe(100);
    traces(shop, member);
    expect(left(shop).points).toBe(60);
  });

  it('spreads what is left of an award over the lines that earned it', () => {
    const shop = shopWith(new ConfigurationBuilder().budget('campaign').rule(campaign()), 10);
    const lines = [
      purchaseLine({ lineNo: 1, amountMinor: 6_000 }),
      purchaseLine({ lineNo: 2, amountMinor: 14_000 }),
    ];
    const { grants } = shop.does(shop.purchase(shop.member(), { lines }));
    expect(grants[0].lines).toEqual([
      { lineNo: 1, points: 3 },
      { lineNo: 2, points: 7 },
    ]);
  });

  it('warns once at four fifths, and says once that it is spent', () => {
    const shop = shopWith(limited(), 100);
    const member = shop.member();
    traces(shop, member);
    expect(announced(shop, member)).toEqual([]);
    traces(shop, member);
    const limit = { points: 100, uses: null, money: null };
    const warning = [
      'budget.warning',
      { budgetId: 'campaign', budgetVersion: 1, limit, used: { ...limit, points: 80 } },
    ];
    expect(announced(shop, member)).toEqual([warning]);
    traces(shop, member);
    traces(shop, member);
    const spent = ['budget.spent', { budgetId: 'campaign', budgetVersion: 1, limit, used: limit }];
    expect(announced(shop, member)).toEqual([warning, spent]);
  });

  it('gets points back with goods that come back, also after the campaign, and gives them again', () => {
    const config = limited().rule(
      { ...gives(40), active: false },
      { version: 2, from: '2026-04-01T00:00:00Z' },
    );
    const shop = shopWith(config, 100);
    const member = shop.member();
    const { id } = shop.does(shop.purchase(member));
    shop.at('2026-05-01T12:00:00+02:00').does(shop.returns(id as string));
    expect(left(shop).points).toBe(100);
  });

  it('gets no points back that had expired before', () => {
    const config = new ConfigurationBuilder()
      .budget('campaign')
      .rule({ ...gives(40), ...campaign(), expiry: { type: 'days', days: 10 } });
    const shop = shopWith(config, 100);
    const member = shop.member();
    const { id } = shop.does(shop.purchase(member));
    shop.at('2026-05-01T12:00:00+02:00').does(shop.applyDue(member));
    expect(left(shop).points).toBe(60);
    shop.does(shop.returns(id as string));
    expect(left(shop).points).toBe(60);
  });

  it('gets points back that are given up while they wait', () => {
    const pending = { type: 'event', event: 'delivered', thenDays: 1, cancelAfterDays: 9 } as const;
    const config = new ConfigurationBuilder()
      .budget('campaign')
      .rule({ ...gives(40), ...campaign(), pending });
    const shop = shopWith(config, 100);
    const member = shop.member();
    shop.does(shop.purchase(member));
    expect(left(shop).points).toBe(60);
    shop.at('2026-05-01T12:00:00+02:00').does(shop.applyDue(member));
    expect(left(shop).points).toBe(100);
  });
});

describe('a budget of money', () => {
  it('costs points whatever their origin by the policy of the day: 100 x 0.1 x 0.9 / 1.05, whatever comes back', () => {
    const config = new ConfigurationBuilder()
      .policy()
      .accounting({ valueIncludesTax: true, taxRate: '0.05' })
      .budget('campaign', { points: null, moneyMinor: 1_000, warnAtPercent: null })
      .rule({ ...gives(100), ...campaign(), origin: 'non_purchase' });
    const shop = new Shop(config).budget('campaign', inAll([{ points: null, uses: null, cost: 10n ** 15n }]));
    const member = shop.member();
    // 0.1 x 0.9 / 1.05 = 0.0857142857142857… in major units; 8.571428571429 minor units with twelve decimals.
    const { id } = shop.does(shop.purchase(member));
    expect(left(shop).cost).toBe(10n ** 15n - 857_142_857_142_900n);
    // 142.857142857100 minor units are left: 16 points at 8.571428571429.
    expect(traces(shop, member)).toEqual([[16, 'matched', 'budget']]);
    shop.does(shop.returns(id as string));
    expect(left(shop).cost).toBe(10n ** 15n - 16n * 8_571_428_571_429n);
  });
});

describe('a budget of two uses', () => {
  it('is used by each award, and is free again once all of an award came back', () => {
    const config = new ConfigurationBuilder()
      .policy()
      .accounting()
      .budget('campaign', { points: null, uses: 2, warnAtPercent: null })
      .rule({ ...gives(5), ...campaign() });
    const shop = new Shop(config).budget(
      'campaign',
      inAll([
        { points: null, uses: 1, cost: null },
        { points: null, uses: 1, cost: null },
      ]),
    );
    const member = shop.member();
    const { id } = shop.does(shop.purchase(member));
    shop.does(shop.purchase(member));
    expect(traces(shop, member)).toEqual([[0, 'budgetSpent', 'budget']]);
    shop.does(shop.returns(id as string));
    expect(traces(shop, member)).toEqual([[5, 'matched', null]]);
  });
});

describe('receipts that arrive together', () => {
  it('are written all or none once one was cut after another of them had drawn', () => {
    const shop = shopWith(limited(), 100);
    const members = [shop.member(), shop.member(), shop.member()] as const;
    const [one, two, three] = members.map((member) => shop.purchase(member));
    if (!one || !two || !three) throw new Error('three receipts');
    expect(shop.decide(one, two).whole).toBe(false);
    expect(shop.decide(three).whole).toBe(true);
  });
});
