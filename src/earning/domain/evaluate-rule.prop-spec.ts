import fc from 'fast-check';
import { basketBonus, earningRule, perSpend, perUnit } from '../../../test/builders/earning-rule.js';
import { purchaseLine } from '../../../test/builders/purchase.js';
import { basketOf } from './basket.js';
import { evaluateRule } from './evaluate-rule.js';
import { NO_CONDITIONS } from './rule-conditions.js';

const lines = fc
  .array(
    fc.record({
      amountMinor: fc.integer({ min: 0, max: 10_000_000 }),
      taxPercent: fc.integer({ min: 0, max: 100 }),
      category: fc.constantFrom('grocery', 'tobacco', null),
      quantity: fc.constantFrom('1', '2', '0.333', '1.000000000001'),
    }),
    { minLength: 1, maxLength: 20 },
  )
  .map((items) =>
    items.map(({ amountMinor, taxPercent, category, quantity }, index) =>
      purchaseLine({
        lineNo: index + 1,
        amountMinor,
        taxMinor: Math.floor((amountMinor * taxPercent) / 100),
        category,
        quantity,
      }),
    ),
  );

/** What points paid of a basket, in percent of it, rounded down. */
function pointsPaid(basket: readonly { readonly amountMinor: number }[], percent: number): number {
  return Math.floor((basket.reduce((sum, { amountMinor }) => sum + amountMinor, 0) * percent) / 100);
}

const rule = fc.record({
  multiplier: fc.constantFrom('0.5', '3.333333', null),
  earnOnPointsPaid: fc.boolean(),
  basis: fc.constantFrom('gross' as const, 'net' as const),
  excludeCategories: fc.constantFrom<readonly string[]>([], ['tobacco']),
  amount: fc.oneof(
    fc
      .record({ points: fc.integer({ min: 1, max: 100 }), stepMinor: fc.integer({ min: 1, max: 100_000 }) })
      .map((amount) => perSpend({ ...amount, tierMultipliers: { gold: '1.25' } })),
    fc.constantFrom('1', '0.5', '0.003').map((perQuantity) => perUnit({ perQuantity })),
    fc
      .record({
        points: fc.integer({ min: 1, max: 1000 }),
        minimumMinor: fc.integer({ min: 0, max: 100_000 }),
      })
      .map(({ points, minimumMinor }) => basketBonus(points, minimumMinor)),
  ),
});

describe('the attribution of points to lines, whatever the receipt and the rule', () => {
  it('adds up to the points, names matching lines only, and none for nothing', () => {
    fc.assert(
      fc.property(
        lines,
        rule,
        fc.constantFrom('gold', null),
        fc.integer({ min: 0, max: 100 }),
        fc.option(fc.integer({ min: 0, max: 200 }).map((points) => ({ points, limitedBy: 'x' }))),
        (basket, { excludeCategories, ...rest }, tier, share, ceiling) => {
          const evaluated = earningRule({ ...rest, lines: { includeCategories: [], excludeCategories } });
          const result = evaluateRule(
            evaluated,
            { id: 'r', version: 1 },
            {
              basket: basketOf(basket, pointsPaid(basket, share)),
              tier,
              occurredAt: 0,
              memberActive: true,
              conditionsOf: () => NO_CONDITIONS,
            },
            () => ceiling,
          );
          const matching = new Set(
            basket
              .filter(({ category }) => category === null || !excludeCategories.includes(category))
              .map(({ lineNo }) => lineNo),
          );
          expect(result.lines.reduce((sum, { points }) => sum + points, 0)).toBe(result.trace.points);
          expect(result.lines.every(({ lineNo, points }) => matching.has(lineNo) && points > 0)).toBe(true);
          expect(result.trace.matched).toBe(result.trace.points > 0);
          expect(result.trace.points).toBeLessThanOrEqual(ceiling?.points ?? Infinity);
        },
      ),
    );
  });

  it('never falls when a receipt grows', () => {
    fc.assert(
      fc.property(lines, fc.integer({ min: 0, max: 100_000 }), (basket, more) => {
        const points = (amountMinor: number): number =>
          evaluateRule(
            earningRule(),
            { id: 'r', version: 1 },
            {
              basket: basketOf([...basket, purchaseLine({ lineNo: 99, amountMinor })]),
              tier: null,
              occurredAt: 0,
              memberActive: true,
              conditionsOf: () => NO_CONDITIONS,
            },
          ).trace.points;
        expect(points(more)).toBeGreaterThanOrEqual(points(0));
      }),
    );
  });
});
