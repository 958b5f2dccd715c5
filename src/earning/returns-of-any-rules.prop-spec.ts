import fc from 'fast-check';
import { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { basketBonus, perSpend, perUnit } from '../../test/builders/earning-rule.js';
import { purchaseLine } from '../../test/builders/purchase.js';
import { Shop } from '../../test/builders/shop.js';
import type { EarningRule } from './domain/earning-rule.js';
import { goesByLines, type RuleAmount } from './domain/rule-amount.js';

const points = fc.integer({ min: 1, max: 50 });
const amounts: fc.Arbitrary<RuleAmount> = fc.oneof(
  fc
    .tuple(points, fc.integer({ min: 100, max: 9_000 }))
    .map(([p, stepMinor]) => perSpend({ points: p, stepMinor })),
  fc
    .tuple(points, fc.constantFrom('1', '1.5'))
    .map(([p, perQuantity]) => perUnit({ points: p, perQuantity })),
  fc.tuple(points, fc.integer({ min: 0, max: 60_000 })).map(([p, minimum]) => basketBonus(p, minimum)),
  points.map((p) => ({ type: 'fixed', points: p }) as const),
  points.map((otherwise) => ({ type: 'tierTable', byTier: {}, otherwise }) as const),
  fc.tuple(fc.nat(20_000), fc.integer({ min: 20_001, max: 60_000 }), points, points).map(
    ([low, high, p, q]) =>
      ({
        type: 'bands',
        bands: [
          { fromMinor: low, points: p },
          { fromMinor: high, points: p + q },
        ],
      }) as const,
  ),
  fc.integer({ min: 1, max: 900 }).map(
    (minorPerPoint) =>
      ({
        type: 'marginShare',
        attribute: 'margin',
        share: '0.5',
        minorPerPoint,
        tierMultipliers: {},
      }) as const,
  ),
  fc
    .constantFrom('2', '2.5')
    .map((factor) => ({ type: 'multiplierOnBase', factor, of: ['a', 'b'] }) as const),
);

const rule: fc.Arbitrary<Partial<EarningRule>> = fc
  .record({
    amount: amounts,
    rounding: fc.constantFrom('floor' as const, 'halfUp' as const, 'ceil' as const),
    multiplier: fc.constantFrom(null, '0.7'),
    excludes: fc.subarray(['food', 'wine']),
    most: fc.option(fc.integer({ min: 1, max: 80 })),
    // Of a group whose first rule wins, and of exclusive rules, another rule may come to more on the way.
    group: fc.constantFrom<EarningRule['group']>(
      null,
      { key: 's', combine: 'sum' },
      { key: 'g', combine: 'best' },
    ),
  })
  .map(({ excludes, most, ...rest }) => ({
    ...rest,
    lines: { includeCategories: [], excludeCategories: excludes },
    limits: most === null ? [] : [{ period: 'purchase', points: most, times: null }],
  }));

const stories = fc
  .record({
    rules: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), rule, { minKeys: 1, noNullPrototype: true }),
    lines: fc.array(
      fc.record({
        amountMinor: fc.integer({ min: 100, max: 40_000 }),
        units: fc.integer({ min: 1, max: 4 }),
        margin: fc.nat(9_000),
        category: fc.constantFrom('food', 'wine', 'toys'),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  })
  .chain((story) => {
    const units = story.lines.flatMap(({ units: count }, place) => Array<number>(count).fill(place + 1));
    return fc.record({ story: fc.constant(story), back: fc.shuffledSubarray(units) });
  });

type Story =
  typeof stories extends fc.Arbitrary<infer T> ? (T extends { story: infer S } ? S : never) : never;

/** What is left of the points of a receipt after units came back one by one; and when the rest does. */
function played({ rules, lines }: Story, back: readonly number[]): { left: readonly number[]; end: number } {
  const configuration = Object.entries(rules).reduce(
    (built, [key, body]) => built.rule(body, { key }),
    new ConfigurationBuilder().accounting().policy(),
  );
  const shop = new Shop(configuration);
  const member = shop.member();
  const bought = lines.map(({ amountMinor, units, margin, category }, index) =>
    purchaseLine({
      lineNo: index + 1,
      amountMinor,
      quantity: String(units),
      category,
      attributes: { margin },
    }),
  );
  const { id } = shop.does(shop.purchase(member, { lines: bought }));
  const available = () => shop.ledger(member).available;
  const left = [available()];
  for (const lineNo of back) {
    const line = { lineNo, sku: null, quantity: '1', amountMinor: null };
    shop.does(shop.returns(id as string, { lines: [line] }));
    left.push(available());
  }
  const all = lines.reduce((sum, { units }) => sum + units, 0);
  if (back.length < all) shop.does(shop.returns(id as string));
  return { left, end: available() };
}

/**
 * Whether a figure may rise while goods come back: a multiplier's, of points that are the same for fewer lines, of which
 * it has some. What was taken for it before is not added again (docs/earning.md#what-depends-on-the-order-of-arrival).
 */
function mayRise({ rules }: Story): boolean {
  const multiplies = Object.values(rules).some(({ amount }) => amount?.type === 'multiplierOnBase');
  const ofAll = [rules['a'], rules['b']].some((base) => base?.amount && !goesByLines(base.amount));
  return multiplies && ofAll;
}

describe('goods of a receipt come back, whatever its rules', () => {
  it('points only ever fall, and with the last goods the last of them go', () => {
    fc.assert(
      fc.property(stories, ({ story, back }) => {
        const { left, end } = played(story, back);
        expect([...left].sort((a, b) => b - a)).toEqual(left);
        expect(end).toBe(0);
      }),
    );
  });

  it('what is left does not depend on the order in which they come', () => {
    fc.assert(
      fc.property(stories, ({ story, back }) => {
        fc.pre(!mayRise(story));
        const orders = [back, [...back].reverse(), [...back].sort((a, b) => a - b)];
        expect(new Set(orders.map((order) => played(story, order).left.at(-1))).size).toBe(1);
      }),
    );
  });
});
