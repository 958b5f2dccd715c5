import { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { basketBonus, perSpend } from '../../test/builders/earning-rule.js';
import { purchaseLines } from '../../test/builders/purchase.js';
import { Shop } from '../../test/builders/shop.js';
import type { EarningRule } from './domain/earning-rule.js';

const best = { group: { key: 'g', combine: 'best' as const } };

/** A receipt of lines of 100.00 of given categories, and the points after each line that comes back. */
function story(
  rules: Readonly<Record<string, Partial<EarningRule>>>,
  categories: readonly string[],
  back: readonly number[],
): readonly number[] {
  const configuration = Object.entries(rules).reduce(
    (built, [key, rule]) => built.rule(rule, { key }),
    new ConfigurationBuilder().accounting().policy(),
  );
  const shop = new Shop(configuration);
  const member = shop.member();
  const lines = purchaseLines(...categories.map((category) => ({ category })));
  const { id } = shop.does(shop.purchase(member, { lines }));
  const points = () => shop.ledger(member).available;
  return [
    points(),
    ...back.map((lineNo) => {
      const line = { lineNo, sku: null, quantity: '1', amountMinor: null };
      shop.does(shop.returns(id as string, { lines: [line] }));
      return points();
    }),
  ];
}

const of = (category: string) => ({ lines: { includeCategories: [category], excludeCategories: [] } });

describe('goods of a receipt on which rules competed come back', () => {
  const byCategory = {
    // 3 a 10.00 of wine, 2 of food: of one line each 30 and 20.
    food: { amount: perSpend({ points: 2 }), ...of('food'), ...best },
    wine: { amount: perSpend({ points: 3 }), ...of('wine'), ...best },
  };

  it('and the rule that was second keeps what it would have given', () => {
    expect(story(byCategory, ['wine', 'food'], [1, 2])).toEqual([30, 20, 0]);
    expect(story(byCategory, ['wine', 'food'], [2, 1])).toEqual([30, 30, 0]);
  });

  it('and nothing is added where more would be given now', () => {
    const rules = { ...byCategory, few: { amount: basketBonus(25, 0), condition: 'receipt.lineCount < 2' } };
    expect(story(rules, ['wine', 'food'], [2])).toEqual([30, 30]);
  });

  it('and an exclusive rule no longer reaches its threshold, so the others keep their points', () => {
    const rules = {
      base: { amount: perSpend({}) },
      gift: { amount: basketBonus(5, 10_000), ...of('wine') },
      high: { amount: basketBonus(100, 30_000), exclusive: true },
    };
    // Without the exclusive rule: 30 and 5; of what is left 20 and 5, at last 10.
    expect(story(rules, ['wine', 'food', 'food'], [3, 1, 2])).toEqual([100, 25, 10, 0]);
  });

  it('and the first of a group is another one', () => {
    const first = { group: { key: 'g', combine: 'first' as const } };
    const rules = {
      large: { amount: basketBonus(50, 20_000), ...first, order: 1 },
      small: { amount: basketBonus(60, 10_000), ...first, order: 2 },
    };
    expect(story(rules, ['food', 'food'], [1, 2])).toEqual([50, 50, 0]);
    const lower = { ...rules, small: { ...rules.small, amount: basketBonus(10, 10_000) } };
    expect(story(lower, ['food', 'food'], [1, 2])).toEqual([50, 10, 0]);
  });
});

describe('goods that earned an amount once come back', () => {
  it('and the band that is reached still holds', () => {
    const bands = [
      { fromMinor: 10_000, points: 5 },
      { fromMinor: 25_000, points: 40 },
    ];
    const rules = { bands: { amount: { type: 'bands', bands } } } as const;
    expect(story(rules, ['food', 'food', 'food'], [1, 2, 3])).toEqual([40, 5, 5, 0]);
  });

  it('and a multiple goes with its base', () => {
    const double = (of: string) => ({ amount: { type: 'multiplierOnBase', factor: '2', of: [of] } as const });
    const perLine = { base: { amount: perSpend({}) }, more: double('base') };
    expect(story(perLine, ['food', 'wine'], [1, 2])).toEqual([40, 20, 0]);
    const once = { bonus: { amount: basketBonus(7, 20_000) }, more: double('bonus') };
    expect(story(once, ['food', 'wine'], [1, 2])).toEqual([14, 0, 0]);
  });
});
