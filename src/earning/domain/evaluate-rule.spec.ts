import { basketBonus, earningRule, perSpend, perUnit } from '../../../test/builders/earning-rule.js';
import { purchaseLines } from '../../../test/builders/purchase.js';
import type { PurchaseLine } from '../../kernel/domain-events.js';
import { basketOf } from './basket.js';
import type { EarningRule } from './earning-rule.js';
import { evaluateRule } from './evaluate-rule.js';
import type { EvaluationInput } from './assess-rule.js';
import { NO_CONDITIONS } from './rule-conditions.js';

const REF = { id: 'base', version: 3 };

function evaluated(
  rule: EarningRule,
  lines: readonly PurchaseLine[],
  overrides: Partial<EvaluationInput> = {},
) {
  return evaluateRule(rule, REF, {
    basket: basketOf(lines),
    tier: null,
    occurredAt: Date.parse('2026-03-10T12:00:00Z'),
    memberActive: true,
    conditionsOf: () => NO_CONDITIONS,
    ...overrides,
  });
}

function pointsOf(
  rule: EarningRule,
  lines: readonly PurchaseLine[],
  overrides: Partial<EvaluationInput> = {},
) {
  return evaluated(rule, lines, overrides).trace.points;
}

describe('points per spend', () => {
  it('gives 10 for 105 at one per 10: a fraction of a step earns nothing', () => {
    expect(pointsOf(earningRule(), purchaseLines({ amountMinor: 10_500 }))).toBe(10);
  });

  it('counts the lines together before it drops the fraction', () => {
    expect(pointsOf(earningRule(), purchaseLines({ amountMinor: 600 }, { amountMinor: 600 }))).toBe(1);
  });

  it('gives several points a step', () => {
    expect(
      pointsOf(earningRule({ amount: perSpend({ points: 3 }) }), purchaseLines({ amountMinor: 2999 })),
    ).toBe(6);
  });

  it('says what counted and how it was rounded', () => {
    expect(evaluated(earningRule({ name: 'Base' }), purchaseLines({ amountMinor: 10_500 })).trace).toEqual({
      rule: REF,
      name: 'Base',
      matched: true,
      why: 'matched',
      basisMinor: 10_500,
      points: 10,
      multiplier: null,
      limitedBy: null,
      rounding: 'floor',
    });
  });

  it('says that a receipt stayed below the first step, and of what amount', () => {
    const { trace, lines } = evaluated(earningRule(), purchaseLines({ amountMinor: 999 }));
    expect(trace).toMatchObject({
      matched: false,
      why: 'belowStep',
      basisMinor: 999,
      points: 0,
      rounding: null,
    });
    expect(lines).toEqual([]);
  });
});

describe('a tier multiplier', () => {
  const rule = earningRule({ amount: perSpend({ tierMultipliers: { gold: '1.5', silver: '1.1' } }) });

  it.each([
    [4, 'gold', 6],
    [5, 'gold', 7],
    [5, 'silver', 5],
    [10, 'silver', 11],
    [5, 'basic', 5],
    [5, null, 5],
  ])('makes %i points of %s %i', (base, tier, points) => {
    expect(pointsOf(rule, purchaseLines({ amountMinor: base * 1000 }), { tier })).toBe(points);
  });

  it('is named in the trace', () => {
    expect(evaluated(rule, purchaseLines({}), { tier: 'gold' }).trace.multiplier).toBe('1.5');
    expect(evaluated(rule, purchaseLines({}), { tier: 'basic' }).trace.multiplier).toBeNull();
  });

  it('does not touch a basket bonus', () => {
    expect(pointsOf(earningRule({ amount: basketBonus(50, 100) }), purchaseLines({}), { tier: 'gold' })).toBe(
      50,
    );
  });
});

describe('which lines count', () => {
  const basket = purchaseLines(
    { category: 'grocery', amountMinor: 1000 },
    { category: 'tobacco', amountMinor: 2000 },
    { category: null, amountMinor: 4000 },
  );
  const filtered = (includeCategories: readonly string[], excludeCategories: readonly string[]) =>
    earningRule({ lines: { includeCategories, excludeCategories } });

  it.each([
    ['all, without a filter', [], [], 7],
    ['those of an included category only', ['grocery'], [], 1],
    ['all but an excluded category, those without one too', [], ['tobacco'], 5],
    ['none that is both included and excluded', ['grocery', 'tobacco'], ['tobacco'], 1],
    ['an excluded category in whatever case', [], ['TOBACCO '], 5],
    ['an included category in whatever case', ['Grocery'], [], 1],
  ])('%s', (_, include, exclude, points) => {
    expect(pointsOf(filtered(include, exclude), basket)).toBe(points);
  });

  it('says that no line matched', () => {
    expect(evaluated(filtered(['books'], []), basket).trace).toMatchObject({
      matched: false,
      why: 'noMatchingLine',
      basisMinor: 0,
      points: 0,
    });
  });

  it('gives points to matching lines only', () => {
    expect(evaluated(filtered([], ['tobacco']), basket).lines).toEqual([
      { lineNo: 1, points: 1 },
      { lineNo: 3, points: 4 },
    ]);
  });
});

describe('the basis', () => {
  const taxed = purchaseLines({ amountMinor: 10_500, taxMinor: 500 }, { amountMinor: 2100, taxMinor: 100 });

  it('is what the customer paid when gross', () => {
    expect(evaluated(earningRule({ basis: 'gross' }), taxed).trace).toMatchObject({
      basisMinor: 12_600,
      points: 12,
    });
  });

  it('leaves the tax out when net', () => {
    expect(evaluated(earningRule({ basis: 'net' }), taxed).trace).toMatchObject({
      basisMinor: 12_000,
      points: 12,
    });
    expect(evaluated(earningRule({ basis: 'net' }), taxed).lines).toEqual([
      { lineNo: 1, points: 10 },
      { lineNo: 2, points: 2 },
    ]);
  });
});

describe('a basket bonus', () => {
  const rule = earningRule({
    amount: basketBonus(50, 20_000),
    lines: { includeCategories: [], excludeCategories: ['tobacco'] },
  });

  it.each([
    [19_999, 0],
    [20_000, 50],
    [90_000, 50],
  ])('at a minimum of 200.00 gives a receipt of %i minor units %i points', (amountMinor, points) => {
    expect(pointsOf(rule, purchaseLines({ amountMinor }))).toBe(points);
  });

  it('counts matching lines only', () => {
    const lines = purchaseLines({ amountMinor: 19_999 }, { category: 'tobacco', amountMinor: 50_000 });
    expect(evaluated(rule, lines).trace).toMatchObject({ why: 'belowMinimum', basisMinor: 19_999 });
  });

  it('is shared by the lines by what they cost, and nothing was rounded', () => {
    const result = evaluated(rule, purchaseLines({ amountMinor: 15_000 }, { amountMinor: 5000 }));
    expect(result.trace.rounding).toBeNull();
    expect(result.lines).toEqual([
      { lineNo: 1, points: 38 },
      { lineNo: 2, points: 12 },
    ]);
  });

  it('without a minimum is given for a basket that costs nothing', () => {
    const free = purchaseLines({ amountMinor: 0 }, { amountMinor: 0 });
    expect(evaluated(earningRule({ amount: basketBonus(5, 0) }), free).lines).toEqual([
      { lineNo: 1, points: 3 },
      { lineNo: 2, points: 2 },
    ]);
  });
});

describe('points per unit', () => {
  const coffee = earningRule({ amount: perUnit() });

  it('gives four coffees at 3, one of them free through a reward, 3 points', () => {
    const lines = purchaseLines({ quantity: '4', rewardedQuantity: '1', amountMinor: 1200 });
    expect(pointsOf(coffee, lines)).toBe(3);
  });

  it.each([
    ['each full half kilogram, the lines together', '0.5', ['0.3', '0.3', '0.45'], 2],
    ['three tenths in thirds of a litre, exactly', '0.1', ['0.1', '0.2'], 3],
    ['less than one step', '1', ['0.999999999999'], 0],
    ['dozens', '12', ['35'], 2],
  ])('counts %s', (_, perQuantity, quantities, points) => {
    const rule = earningRule({ amount: perUnit({ perQuantity }) });
    const lines = purchaseLines(...quantities.map((quantity) => ({ quantity })));
    expect(evaluated(rule, lines).trace).toMatchObject({ points, why: points > 0 ? 'matched' : 'belowStep' });
  });

  it('are attributed to the lines by quantity, not by price', () => {
    const lines = purchaseLines({ quantity: '1', amountMinor: 9000 }, { quantity: '3', amountMinor: 300 });
    expect(evaluated(coffee, lines).lines).toEqual([
      { lineNo: 1, points: 1 },
      { lineNo: 2, points: 3 },
    ]);
  });

  it('are none for what cost nothing, whether it says that it was a reward or not', () => {
    const free = purchaseLines({ quantity: '3', amountMinor: 0 });
    expect(evaluated(coffee, free).trace).toMatchObject({ points: 0, why: 'belowStep' });
    const lines = purchaseLines({ quantity: '3', amountMinor: 900 }, { quantity: '1', amountMinor: 0 });
    expect(evaluated(coffee, lines)).toMatchObject({
      trace: { points: 3, basisMinor: 900 },
      lines: [{ lineNo: 1, points: 3 }],
    });
    expect(pointsOf({ ...coffee, earnOnPointsPaid: true }, lines)).toBe(3);
  });

  it('are a share of those that cost something before points, however little', () => {
    const lines = purchaseLines(
      { quantity: '1', amountMinor: 1 },
      { quantity: '1', amountMinor: 1 },
      { quantity: '8', amountMinor: 0 },
    );
    expect(pointsOf(coffee, lines)).toBe(2);
    expect(evaluated(coffee, lines, { basket: basketOf(lines, 1) }).trace.points).toBe(1);
  });

  it('follow the tier', () => {
    const rule = earningRule({ amount: perUnit({ tierMultipliers: { gold: '2' } }) });
    expect(pointsOf(rule, purchaseLines({ quantity: '3' }), { tier: 'gold' })).toBe(6);
  });
});

describe('a multiplier', () => {
  const times = (multiplier: string, overrides: Partial<EarningRule> = {}) =>
    earningRule({ multiplier, ...overrides });

  it.each([
    [4, '1.5', 6],
    [5, '1.5', 7],
    [5, '0.1', 0],
    [5, '1', 5],
  ])('makes a base of %i times %s %i', (base, multiplier, points) => {
    expect(pointsOf(times(multiplier), purchaseLines({ amountMinor: base * 1000 }))).toBe(points);
  });

  it("and the tier's make one factor, so that nothing is rounded twice", () => {
    const rule = times('1.5', { amount: perSpend({ tierMultipliers: { gold: '1.5' } }) });
    // 5 x 1.5 is 7 when rounded, and 7 x 1.5 is 10; 5 x 2.25 is 11.
    expect(evaluated(rule, purchaseLines({ amountMinor: 5000 }), { tier: 'gold' }).trace).toMatchObject({
      points: 11,
      multiplier: '2.25',
      rounding: 'floor',
    });
  });

  it.each([
    ['2', '0.5', '1'],
    ['10', '10', '100'],
    ['1.20', '1', '1.2'],
  ])("%s and the tier's %s are shown as %s", (multiplier, gold, shown) => {
    const rule = times(multiplier, { amount: perSpend({ points: 100, tierMultipliers: { gold } }) });
    const { trace } = evaluated(rule, purchaseLines({}), { tier: 'gold' });
    expect(trace.multiplier).toBe(shown);
  });

  it('touches a basket bonus, too, and says that it was rounded', () => {
    const bonus = times('1.5', { amount: basketBonus(5, 0) });
    expect(evaluated(bonus, purchaseLines({})).trace).toMatchObject({ points: 7, rounding: 'floor' });
  });

  it('that leaves nothing of the base says so', () => {
    expect(evaluated(times('0.1'), purchaseLines({ amountMinor: 5000 })).trace.why).toBe('roundedToNothing');
    const bonus = times('0.1', { amount: basketBonus(5, 0) });
    expect(evaluated(bonus, purchaseLines({})).trace.why).toBe('roundedToNothing');
  });
});

describe('what was paid with points', () => {
  const lines = purchaseLines({ amountMinor: 6000 }, { amountMinor: 6000, category: 'tobacco' });
  const halfPaid = { basket: basketOf(lines, 6000) };

  it('earns nothing', () => {
    expect(evaluated(earningRule(), lines, halfPaid).trace).toMatchObject({ points: 6, basisMinor: 6000 });
  });

  it('is taken off all lines, those too that the rule leaves out', () => {
    const rule = earningRule({ lines: { includeCategories: [], excludeCategories: ['tobacco'] } });
    expect(evaluated(rule, lines, halfPaid).trace).toMatchObject({ points: 3, basisMinor: 3000 });
  });

  it('earns like the rest where the rule says so', () => {
    expect(pointsOf(earningRule({ earnOnPointsPaid: true }), lines, halfPaid)).toBe(12);
  });

  it('takes as large a share of the units, together and exactly', () => {
    const three = purchaseLines({ amountMinor: 100 }, { amountMinor: 100 }, { amountMinor: 100 });
    const rule = earningRule({ amount: perUnit() });
    // A third of each of three pieces leaves two.
    expect(pointsOf(rule, three, { basket: basketOf(three, 100) })).toBe(2);
    expect(pointsOf(rule, three, { basket: basketOf(three, 300) })).toBe(0);
    expect(pointsOf({ ...rule, earnOnPointsPaid: true }, three, { basket: basketOf(three, 300) })).toBe(3);
  });

  it('does not help a basket over a minimum', () => {
    const bonus = earningRule({ amount: basketBonus(50, 12_000) });
    expect(pointsOf(bonus, lines)).toBe(50);
    expect(evaluated(bonus, lines, halfPaid).trace.why).toBe('belowMinimum');
  });
});

describe('a ceiling', () => {
  const basket = purchaseLines({ amountMinor: 5000 }, { amountMinor: 5000 });
  const under = (points: number, rule = earningRule()) =>
    evaluateRule(
      rule,
      REF,
      {
        basket: basketOf(basket),
        tier: null,
        occurredAt: 0,
        memberActive: true,
        conditionsOf: () => NO_CONDITIONS,
      },
      () => ({ points, limitedBy: 'rule.perDay' }),
    );

  it('cuts what is above it, names itself, and the lines get what is left', () => {
    const { trace, lines } = under(7);
    expect(trace).toMatchObject({ matched: true, why: 'matched', points: 7, limitedBy: 'rule.perDay' });
    expect(lines).toEqual([
      { lineNo: 1, points: 4 },
      { lineNo: 2, points: 3 },
    ]);
  });

  it('that is just reached limits nothing', () => {
    expect(under(10).trace).toMatchObject({ points: 10, limitedBy: null });
  });

  it('of nothing leaves nothing, and says what the rule looked at', () => {
    const { trace, lines } = under(0);
    expect(trace).toMatchObject({
      matched: false,
      why: 'limitReached',
      points: 0,
      basisMinor: 10_000,
      limitedBy: 'rule.perDay',
      rounding: null,
    });
    expect(lines).toEqual([]);
  });

  it('is not to blame where a rule gives nothing anyway', () => {
    const { trace } = under(0, earningRule({ amount: basketBonus(1, 1_000_000) }));
    expect(trace).toMatchObject({ why: 'belowMinimum', limitedBy: null });
  });
});

describe('a rule that is not asked', () => {
  const endsAt = '2026-03-10T12:00:00.000Z';
  const end = Date.parse(endsAt);
  const basket = purchaseLines({});

  it.each([
    ['switched off', earningRule({ active: false }), {}, 'inactive'],
    ['over at the very instant of the receipt', earningRule({ endsAt }), { occurredAt: end }, 'ended'],
    ['of a member who is not active', earningRule(), { memberActive: false }, 'memberNotActive'],
    ['switched off and over', earningRule({ active: false, endsAt }), {}, 'inactive'],
  ])('because it is %s, gives nothing and says why', (_, rule, input, why) => {
    const { trace, lines } = evaluated(rule, basket, input);
    expect(trace).toMatchObject({ matched: false, why, points: 0, basisMinor: 0, rounding: null });
    expect(lines).toEqual([]);
  });

  it('still gave points a millisecond before its end', () => {
    expect(pointsOf(earningRule({ endsAt }), basket, { occurredAt: end - 1 })).toBe(10);
  });
});

describe("lines that are no revenue, or another seller's", () => {
  const lines = purchaseLines(
    { amountMinor: 10_000 },
    { amountMinor: 50_000, category: 'gift-card', revenue: 'none' },
    { amountMinor: 20_000, category: 'market', revenue: 'agent', commissionMinor: 2000 },
  );
  const filter = (overrides: Partial<EarningRule['lines']>) =>
    earningRule({ lines: { includeCategories: [], excludeCategories: [], ...overrides } });

  it("earn like our own goods where they are an agent's, and nothing where they are none", () => {
    expect(pointsOf(earningRule(), lines)).toBe(30);
    expect(pointsOf(earningRule(), lines.slice(1, 2))).toBe(0);
  });

  it('earn where the rule names them, by category or by kind', () => {
    expect(pointsOf(filter({ includeCategories: ['gift-card'] }), lines)).toBe(50);
    expect(pointsOf(filter({ revenue: ['none'] }), lines)).toBe(50);
    expect(pointsOf(filter({ revenue: ['own', 'none', 'agent'] }), lines)).toBe(80);
  });

  it('earn nothing where the rule leaves them out', () => {
    expect(pointsOf(filter({ revenue: ['own'] }), lines)).toBe(10);
    expect(pointsOf(filter({ excludeCategories: ['market'] }), lines)).toBe(10);
    expect(pointsOf(filter({ includeCategories: ['gift-card'], revenue: ['own'] }), lines)).toBe(0);
  });

  it('are not lowered by what points pay for', () => {
    const paid = { basket: basketOf(lines, 4000, 1000) };
    expect(pointsOf(earningRule(), lines, paid)).toBe(25);
    expect(pointsOf(earningRule({ earnOnPointsPaid: true }), lines, paid)).toBe(29);
    // Half of our own piece, and the other seller's whole.
    expect(pointsOf(earningRule({ amount: perUnit({ points: 2, perQuantity: '0.5' }) }), lines, paid)).toBe(
      6,
    );
  });
});
