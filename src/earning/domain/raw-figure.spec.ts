import { earningRule, perSpend, perUnit } from '../../../test/builders/earning-rule.js';
import { purchaseLines } from '../../../test/builders/purchase.js';
import type { PurchaseLine } from '../../kernel/domain-events.js';
import { basketOf } from './basket.js';
import type { EarningRule } from './earning-rule.js';
import { evaluateReceipt } from './evaluate-receipt.js';
import { NO_COUNTERS } from './counters.js';
import { NO_CONDITIONS } from './rule-conditions.js';

/** The traces and lines of rules over lines of a receipt of a gold member, by the rule's key. */
function evaluated(
  rules: Readonly<Record<string, Partial<EarningRule>>>,
  lines: readonly Partial<PurchaseLine>[],
  { tier = 'gold', pointsPaid = 0 }: { tier?: string | null; pointsPaid?: number } = {},
) {
  const inForce = Object.entries(rules).map(([id, rule]) => ({
    ref: { id, version: 1 },
    rule: earningRule(rule),
  }));
  const results = evaluateReceipt(
    inForce,
    {
      basket: basketOf(purchaseLines(...lines), pointsPaid),
      tier,
      occurredAt: 0,
      memberActive: true,
      conditionsOf: () => NO_CONDITIONS,
    },
    { day: '2026-03-10', counters: NO_COUNTERS, headroom: null },
  );
  return Object.fromEntries(results.map(({ ref, trace, lines: of }) => [ref.id, { ...trace, of }]));
}

const one = (
  rule: Partial<EarningRule>,
  lines: readonly Partial<PurchaseLine>[],
  options?: Parameters<typeof evaluated>[2],
) => evaluated({ r: rule }, lines, options)['r'];

describe('rounding', () => {
  const exact = (rounding: EarningRule['rounding'], amountMinor: number) =>
    one({ amount: perSpend({ steps: 'exact' }), rounding }, [{ amountMinor }]);

  it.each([
    ['floor', 10_500, 10],
    ['halfUp', 10_500, 11],
    ['halfUp', 10_499, 10],
    ['ceil', 10_001, 11],
    ['ceil', 10_000, 10],
  ] as const)('%s of the exact steps of %i is %i', (rounding, amountMinor, points) => {
    expect(exact(rounding, amountMinor)).toMatchObject({ points, rounding });
  });

  it('says the raw figure, also of what rounds to nothing', () => {
    expect(exact('floor', 999)).toMatchObject({ why: 'roundedToNothing', raw: '0.999', rounding: 'floor' });
    expect(
      one({ amount: perSpend({ stepMinor: 300, steps: 'exact' }) }, [{ amountMinor: 1000 }]),
    ).toMatchObject({ points: 3, raw: '10/3' });
  });

  it('comes once, after the factors of the rule and of the tier', () => {
    // 10.5 x 1.5 x 1.1 = 17.325; rounding 10.5 first would give 16.5 or 18.15.
    const amount = perSpend({ steps: 'exact', tierMultipliers: { gold: '1.1' } });
    expect(one({ amount, multiplier: '1.5', rounding: 'ceil' }, [{ amountMinor: 10_500 }])).toMatchObject({
      points: 18,
      raw: '10.5',
      multiplier: '1.65',
    });
  });

  it('takes parts of units where steps are exact', () => {
    const amount = perUnit({ steps: 'exact', points: 3 });
    expect(one({ amount, rounding: 'halfUp' }, [{ quantity: '0.5' }])?.points).toBe(2);
  });
});

describe('amounts that are given once', () => {
  it('are fixed for any line that matches', () => {
    const lines = { includeCategories: ['wine'], excludeCategories: [] };
    const rule = { amount: { type: 'fixed', points: 7 }, lines } as const;
    expect(one(rule, [{ category: 'wine', amountMinor: 1 }])).toMatchObject({ points: 7, rounding: null });
    expect(one(rule, [{ category: 'food' }])).toMatchObject({ points: 0, why: 'noMatchingLine' });
  });

  it('go by the tier of the member, and say so', () => {
    const amount = { type: 'tierTable', byTier: { gold: 100, silver: 0 }, otherwise: 5 } as const;
    expect(one({ amount }, [{}])).toMatchObject({ points: 100, tier: 'gold' });
    expect(one({ amount }, [{}], { tier: 'silver' })).toMatchObject({ points: 0, why: 'tierWithout' });
    expect(one({ amount }, [{}], { tier: null })?.points).toBe(5);
  });

  it.each([
    [999, 0, 'belowMinimum'],
    [1000, 5, 'matched'],
    [4999, 5, 'matched'],
    [5000, 50, 'matched'],
  ])('go by the band that %i reaches: %i', (amountMinor, points, why) => {
    const bands = [
      { fromMinor: 1000, points: 5 },
      { fromMinor: 5000, points: 50 },
    ];
    expect(one({ amount: { type: 'bands', bands } }, [{ amountMinor }])).toMatchObject({ points, why });
  });
});

describe('a share of the margin', () => {
  const amount = {
    type: 'marginShare',
    attribute: 'margin',
    share: '0.1',
    minorPerPoint: 100,
    tierMultipliers: {},
  } as const;

  it('adds up what lines say, and goes to them', () => {
    // (3000 + 1500) x 0.1 / 100 = 4.5; of 5 points two thirds are the first line's.
    expect(
      one({ amount, rounding: 'halfUp' }, [
        { attributes: { margin: 3000 } },
        { attributes: { margin: '1500' } },
        { attributes: { margin: -900 } },
        { attributes: {} },
      ]),
    ).toMatchObject({
      points: 5,
      raw: '4.5',
      of: [
        { lineNo: 1, points: 3 },
        { lineNo: 2, points: 2 },
      ],
    });
  });

  it('counts what was not paid with points', () => {
    expect(one({ amount }, [{ attributes: { margin: 3000 } }], { pointsPaid: 5_000 })?.raw).toBe('1.5');
  });

  it('is nothing where no line says one', () => {
    expect(one({ amount }, [{ attributes: { margin: 'much' } }])?.why).toBe('noMargin');
  });
});

describe('a multiple of the base', () => {
  const double = (of: string[], rest: Partial<EarningRule> = {}): Partial<EarningRule> => ({
    amount: { type: 'multiplierOnBase', factor: '2', of },
    ...rest,
  });
  const base = { amount: perSpend({ tierMultipliers: { gold: '1.5' } }) };

  it('adds the base once more, and the factors of tiers and campaigns do not multiply each other', () => {
    // Base 10, gold 15. Double adds 10, triple 20: 45 in all, not 10 x 1.5 x 2 x 3 = 90.
    const triple = { amount: { type: 'multiplierOnBase', factor: '3', of: ['base'] } } as const;
    expect(evaluated({ base, double: double(['base']), triple }, [{}])).toMatchObject({
      base: { points: 15, raw: '10' },
      double: { points: 10, raw: '10', multiplier: '1' },
      triple: { points: 20, raw: '10', multiplier: '2' },
    });
  });

  it('counts what of the base comes from its own lines', () => {
    // The base of 30.00 + 45.00 is 7 points, of which wine earned 45 / 75.
    const lines = { includeCategories: ['wine'], excludeCategories: [] };
    const result = evaluated({ base, wine: double(['base'], { lines }) }, [
      { category: 'food', amountMinor: 3000 },
      { category: 'wine', amountMinor: 4500 },
    ]);
    expect(result['wine']).toMatchObject({ points: 4, raw: '4.2', of: [{ lineNo: 2, points: 4 }] });
  });

  it('adds several bases, and none that are not there', () => {
    const bonus = { amount: { type: 'fixed', points: 3 } } as const;
    const rules = { base, bonus, both: double(['base', 'bonus', 'gone']) };
    expect(evaluated(rules, [{}])['both']?.points).toBe(13);
    expect(evaluated({ none: double(['gone']) }, [{}])['none']?.why).toBe('noBase');
  });

  it('multiplies a base that rounds to nothing by itself', () => {
    const half = { amount: perSpend({ stepMinor: 20_000, steps: 'exact' as const }) };
    expect(evaluated({ half, more: double(['half'], { rounding: 'ceil' }) }, [{}])).toMatchObject({
      half: { points: 0, raw: '0.5' },
      more: { points: 1, raw: '0.5' },
    });
  });
});
