import { earningRule } from '../../../test/builders/earning-rule.js';
import { NO_COUNTERS, countGiven } from './counters.js';
import type { EarningRule } from './earning-rule.js';
import { evaluateOccasion } from './evaluate-occasion.js';
import type { RuleSetting } from './preconditions.js';
import { NO_CONDITIONS } from './rule-conditions.js';

const INPUT: RuleSetting = {
  tier: 'gold',
  occurredAt: Date.parse('2026-03-10T12:00:00Z'),
  memberActive: true,
  conditionsOf: () => NO_CONDITIONS,
};
const CAPS = { day: '2026-03-10', counters: NO_COUNTERS, headroom: null };

function gift(overrides: Partial<EarningRule> = {}): EarningRule {
  return earningRule({
    trigger: { type: 'activity', activity: 'review' },
    origin: 'non_purchase',
    amount: { type: 'fixed', points: 50 },
    ...overrides,
  });
}

function tracesOf(
  rules: readonly EarningRule[],
  input: Partial<RuleSetting> = {},
  caps: Partial<Parameters<typeof evaluateOccasion>[2]> = {},
) {
  const inForce = rules.map((rule, index) => ({ ref: { id: `r${index + 1}`, version: 1 }, rule }));
  return evaluateOccasion(inForce, { ...INPUT, ...input }, { ...CAPS, ...caps }).map(({ trace }) => trace);
}

describe('a rule without a basket', () => {
  it('gives its fixed amount, which needs no rounding', () => {
    expect(tracesOf([gift()])).toMatchObject([
      { matched: true, why: 'matched', points: 50, basisMinor: 0, rounding: null, multiplier: null },
    ]);
  });

  it('rounds down once after its factor', () => {
    expect(tracesOf([gift({ multiplier: '1.05' })])).toMatchObject([{ points: 52, rounding: 'floor' }]);
    expect(tracesOf([gift({ multiplier: '0.01' })])).toMatchObject([{ points: 0, why: 'roundedToNothing' }]);
  });

  it('gives nothing while it is off, over, or the member is not active', () => {
    const rules = [gift({ active: false }), gift({ endsAt: '2026-03-10T12:00:00.000Z' }), gift()];
    expect(tracesOf(rules, { memberActive: false }).map(({ why }) => why)).toEqual([
      'inactive',
      'ended',
      'memberNotActive',
    ]);
  });

  it('says which part of its condition was not met', () => {
    const trace = { on: 'activity', part: 1, values: { 'activity.number("stars")': '2' } } as const;
    const conditionsOf = () => ({ ...NO_CONDITIONS, receipt: () => ({ outcome: 'false', trace }) as const });
    expect(tracesOf([gift({ condition: 'asked' })], { conditionsOf })).toMatchObject([
      { why: 'conditionFalse', points: 0, condition: trace },
    ]);
  });

  it('is cut by its limits of the period, then by the balance, which the next rule finds smaller', () => {
    const limited = gift({ limits: [{ period: 'month', points: 80, times: null }] });
    const counters = countGiven(NO_COUNTERS, 'r1', '2026-03-01', 60);
    expect(tracesOf([limited, gift(), gift()], {}, { counters, headroom: 45 })).toMatchObject([
      { points: 20, limitedBy: 'rule.perMonth' },
      { points: 25, limitedBy: 'programme.maximumBalance' },
      { points: 0, why: 'limitReached' },
    ]);
  });

  it('is cut by the number of times', () => {
    const once = gift({ limits: [{ period: 'total', points: null, times: 1 }] });
    const counters = countGiven(NO_COUNTERS, 'r1', '2020-01-01', 50);
    expect(tracesOf([once], {}, { counters })).toMatchObject([
      { why: 'limitReached', limitedBy: 'rule.timesTotal' },
    ]);
  });
});
