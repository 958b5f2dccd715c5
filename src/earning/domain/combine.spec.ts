import { basketBonus, earningRule } from '../../../test/builders/earning-rule.js';
import { purchaseLines } from '../../../test/builders/purchase.js';
import type { CapInput } from './apply-caps.js';
import { basketOf } from './basket.js';
import { NO_COUNTERS } from './counters.js';
import type { EarningRule, RuleGroup } from './earning-rule.js';
import { evaluateReceipt } from './evaluate-receipt.js';
import { NO_CONDITIONS } from './rule-conditions.js';

const group = (combine: RuleGroup['combine'], key = 'g') => ({ group: { key, combine } });
const gives = (points: number, rest: Partial<EarningRule> = {}) =>
  earningRule({ amount: basketBonus(points, 0), ...rest });
const most = (points: number) => ({ limits: [{ period: 'purchase' as const, points, times: null }] });

/** What rules in the order given come to: points, why, who beat them. */
function outcome(rules: Readonly<Record<string, EarningRule>>, caps: Partial<CapInput> = {}) {
  const results = evaluateReceipt(
    Object.entries(rules).map(([id, rule]) => ({ ref: { id, version: 1 }, rule })),
    {
      basket: basketOf(purchaseLines({})),
      tier: null,
      occurredAt: 0,
      memberActive: true,
      conditionsOf: () => NO_CONDITIONS,
    },
    { day: '2026-03-10', counters: NO_COUNTERS, headroom: null, ...caps },
  );
  return results.map(({ trace: { points, why, beatenBy } }) =>
    beatenBy === undefined ? [points, why] : [points, why, beatenBy],
  );
}

describe('a group', () => {
  it('of which the best wins compares points after the limits of each', () => {
    expect(
      outcome({
        a: gives(100, { ...group('best'), ...most(20) }),
        b: gives(30, group('best')),
        c: gives(10, group('best')),
        d: gives(5),
      }),
    ).toEqual([
      [0, 'groupLost', 'b'],
      [30, 'matched'],
      [0, 'groupLost', 'b'],
      [5, 'matched'],
    ]);
  });

  it('gives a tie to the lower key', () => {
    expect(outcome({ z: gives(10, group('best')), a: gives(10, group('best')) })).toEqual([
      [0, 'groupLost', 'a'],
      [10, 'matched'],
    ]);
  });

  it('of which the first wins asks who gives anything at all', () => {
    expect(
      outcome({
        none: earningRule({ amount: basketBonus(9, 99_999), ...group('first') }),
        small: gives(1, group('first')),
        large: gives(50, group('first')),
      }),
    ).toEqual([
      [0, 'belowMinimum'],
      [1, 'matched'],
      [0, 'groupLost', 'small'],
    ]);
  });

  it('that adds up is a name, and others are groups of their own', () => {
    expect(
      outcome({
        a: gives(1, group('sum')),
        b: gives(2, group('sum')),
        c: gives(3, group('best', 'other')),
        d: gives(4, group('best', 'third')),
      }).map(([points]) => points),
    ).toEqual([1, 2, 3, 4]);
  });

  it('leaves the room under the balance to who wins', () => {
    expect(
      outcome({ a: gives(10, group('best')), b: gives(30, group('best')), c: gives(5) }, { headroom: 32 }),
    ).toEqual([
      [0, 'groupLost', 'b'],
      [30, 'matched'],
      [2, 'matched'],
    ]);
  });
});

describe('an exclusive rule', () => {
  it('takes the points of all others where it gives any', () => {
    expect(outcome({ a: gives(100), x: gives(5, { exclusive: true }) })).toEqual([
      [0, 'excluded', 'x'],
      [5, 'matched'],
    ]);
    const never = earningRule({ amount: basketBonus(5, 99_999), exclusive: true });
    expect(outcome({ a: gives(100), x: never })).toEqual([
      [100, 'matched'],
      [0, 'belowMinimum'],
    ]);
  });

  it('must win its group first, and of several the first in order holds', () => {
    expect(
      outcome({
        a: gives(50, group('best')),
        x: gives(5, { exclusive: true, ...group('best') }),
        y: gives(6, { exclusive: true }),
        z: gives(7, { exclusive: true }),
      }),
    ).toEqual([
      [0, 'excluded', 'y'],
      [0, 'groupLost', 'a'],
      [6, 'matched'],
      [0, 'excluded', 'y'],
    ]);
  });
});

describe('the budget', () => {
  it('comes last, for points that all other caps left', () => {
    const asked: [string, number][] = [];
    const budget: CapInput['budget'] = ({ ref }, points) => {
      asked.push([ref.id, points]);
      return { points: 3, limitedBy: 'budget.spring' };
    };
    const rules = { a: gives(10, group('best')), b: gives(30, group('best')), c: gives(5) };
    expect(outcome(rules, { headroom: 20, budget })).toEqual([
      [0, 'groupLost', 'b'],
      [3, 'matched'],
      [3, 'matched'],
    ]);
    expect(asked).toEqual([
      ['b', 20],
      ['c', 5],
    ]);
  });
});
