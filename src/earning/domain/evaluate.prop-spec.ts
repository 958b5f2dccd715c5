import fc from 'fast-check';
import { basketBonus, earningRule, perSpend } from '../../../test/builders/earning-rule.js';
import { purchaseLine } from '../../../test/builders/purchase.js';
import { evaluateRule } from './evaluate.js';

const lines = fc
  .array(
    fc.record({
      amountMinor: fc.integer({ min: 0, max: 10_000_000 }),
      taxPercent: fc.integer({ min: 0, max: 100 }),
      category: fc.constantFrom('grocery', 'tobacco', null),
    }),
    { minLength: 1, maxLength: 20 },
  )
  .map((items) =>
    items.map(({ amountMinor, taxPercent, category }, index) =>
      purchaseLine({
        lineNo: index + 1,
        amountMinor,
        taxMinor: Math.floor((amountMinor * taxPercent) / 100),
        category,
      }),
    ),
  );

const rule = fc.record({
  basis: fc.constantFrom('gross' as const, 'net' as const),
  excludeCategories: fc.constantFrom<readonly string[]>([], ['tobacco']),
  amount: fc.oneof(
    fc
      .record({ points: fc.integer({ min: 1, max: 100 }), stepMinor: fc.integer({ min: 1, max: 100_000 }) })
      .map((amount) => perSpend({ ...amount, tierMultipliers: { gold: '1.25' } })),
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
        (basket, { excludeCategories, ...rest }, tier) => {
          const judged = earningRule({ ...rest, lines: { includeCategories: [], excludeCategories } });
          const result = evaluateRule(
            judged,
            { id: 'r', version: 1 },
            { lines: basket, tier, occurredAt: 0, memberActive: true },
          );
          const matching = new Set(
            basket
              .filter(({ category }) => category === null || !excludeCategories.includes(category))
              .map(({ lineNo }) => lineNo),
          );
          expect(result.lines.reduce((sum, { points }) => sum + points, 0)).toBe(result.trace.points);
          expect(result.lines.every(({ lineNo, points }) => matching.has(lineNo) && points > 0)).toBe(true);
          expect(result.trace.matched).toBe(result.trace.points > 0);
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
              lines: [...basket, purchaseLine({ lineNo: 99, amountMinor })],
              tier: null,
              occurredAt: 0,
              memberActive: true,
            },
          ).trace.points;
        expect(points(more)).toBeGreaterThanOrEqual(points(0));
      }),
    );
  });
});
