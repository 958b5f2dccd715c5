import { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { earningRule, perSpend } from '../../test/builders/earning-rule.js';
import type { Problem } from '../kernel/problem.js';
import type { Publication } from '../platform/versioned-config/config.store.js';
import type { EarningRule } from './domain/earning-rule.js';
import { warningsOf } from './domain/rule-warnings.js';
import { refusal } from './publication-check.js';

const NOW = Date.parse('2026-03-10T12:00:00Z');
const multiple = (...of: string[]) => ({ amount: { type: 'multiplierOnBase', factor: '2', of } as const });

/** Where publication of a rule `new` beside others is refused, and by which codes. */
async function faults(
  rule: Partial<EarningRule>,
  others: Readonly<Record<string, Partial<EarningRule>>> = {},
) {
  const config = Object.entries(others)
    .reduce((built, [key, body]) => built.rule(body, { key }), ConfigurationBuilder.shop())
    .build();
  const draft = { key: 'new', body: earningRule(rule) };
  const publication = { draft, published: [], effectiveAt: NOW, config } as unknown as Publication;
  const problem: Problem | null = await refusal(publication);
  return (problem?.errors ?? []).map(({ pointer, code }) => `${pointer} ${code}`);
}

describe('the publication of a rule', () => {
  it('is refused where it ends before it begins, but not where it is to end others', async () => {
    const endsAt = '2026-03-10T12:00:00.000Z';
    expect(await faults({ endsAt })).toEqual(['/endsAt ENDS_BEFORE_IT_BEGINS']);
    expect(await faults({ endsAt, active: false })).toEqual([]);
    expect(await faults({ endsAt: '2026-03-10T12:00:00.001Z' })).toEqual([]);
  });

  it('is refused for a rung that no ladder has, in whichever condition', async () => {
    expect(await faults({ condition: 'member.tier == "Gold"' })).toEqual(['/condition TIER_UNKNOWN']);
    expect(await faults({ condition: '"Gold" in ["Gold", member.tier]' })).toEqual([
      '/condition TIER_UNKNOWN',
    ]);
    const lines = { includeCategories: [], excludeCategories: [], condition: 'member.tier in ["x", "y"]' };
    expect(await faults({ lines })).toEqual([
      '/lines/condition TIER_UNKNOWN',
      '/lines/condition TIER_UNKNOWN',
    ]);
    expect(await faults({ condition: 'member.tier != ""' })).toEqual([]);
  });

  it('is refused for a group that is combined otherwise, and for bases that are none', async () => {
    const others = {
      base: {},
      best: { group: { key: 'g', combine: 'best' } } as const,
      double: multiple('base'),
    };
    expect(await faults({ group: { key: 'g', combine: 'first' } }, others)).toEqual([
      '/group/combine GROUP_COMBINED_OTHERWISE',
    ]);
    expect(await faults({ group: { key: 'g', combine: 'best' } }, others)).toEqual([]);
    expect(await faults(multiple('base', 'gone', 'double', 'new'), others)).toEqual([
      '/amount/of/1 RULE_UNKNOWN',
      '/amount/of/2 MULTIPLIER_OF_MULTIPLIER',
      '/amount/of/3 MULTIPLIER_OF_MULTIPLIER',
    ]);
  });

  it('is refused where the conditions of all rules cost too much together', async () => {
    // Two steps for each of 1,000 lines, thrice: 9,000 a rule, and 22 of them come to 198,000.
    const dear = 'line.amountMinor > 1 && line.netMinor > 1 && line.sku != "x"';
    const lines = { includeCategories: [], excludeCategories: [], condition: dear };
    const others = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`r${index}`, { lines }]));
    expect(await faults({ lines }, others(24))).toEqual([]);
    expect(await faults({ lines }, others(25))).toEqual(['/lines/condition CONDITIONS_TOO_COSTLY']);
    expect(await faults({ amount: perSpend() }, others(25))).toEqual([]);
  });
});

describe('a published rule', () => {
  it('is doubtful where a receipt gives points without money', () => {
    expect(warningsOf({ origin: 'non_purchase' }).map(({ code }) => code)).toEqual(['ORIGIN_OF_A_SALE']);
    expect(warningsOf({ origin: 'purchase' })).toEqual([]);
    const trigger = { type: 'activity', activity: 'review' } as const;
    expect(warningsOf({ origin: 'non_purchase', trigger })).toEqual([]);
  });
});
