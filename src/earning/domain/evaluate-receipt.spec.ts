import { basketBonus, earningRule } from '../../../test/builders/earning-rule.js';
import { purchaseLines } from '../../../test/builders/purchase.js';
import { basketOf } from './basket.js';
import { countGiven, NO_COUNTERS } from './counters.js';
import type { CapInput } from './apply-caps.js';
import { evaluateReceipt } from './evaluate-receipt.js';
import { headroomOf } from './headroom.js';
import type { EarningRule } from './earning-rule.js';
import { NO_CONDITIONS } from './rule-conditions.js';

const BALANCE = { available: 0, pending: 0, held: 0, debt: 0 };

function evaluated(rules: Readonly<Record<string, EarningRule>>, caps: Partial<CapInput>) {
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
  return results.map(({ trace }) => [trace.rule.id, trace.points, trace.limitedBy]);
}

describe('what a balance has room for', () => {
  it.each([
    ['what is available, pending and held fills it', { available: 900, pending: 50, held: 20 }, 30],
    ['a debt is filled first', { debt: 80 }, 1080],
    ['a full one has none', { available: 1000 }, 0],
    ['one above a cap that was lowered has none', { available: 1500 }, 0],
    ['one above it and in debt has room for the debt', { pending: 1500, debt: 30 }, 30],
  ])('%s', (_, balance, room) => {
    expect(headroomOf(1000, { ...BALANCE, ...balance })).toBe(room);
  });

  it('is anything without a cap', () => {
    expect(headroomOf(null, BALANCE)).toBeNull();
  });
});

describe('several rules under one balance', () => {
  const bonus = earningRule({ amount: basketBonus(10, 0) });

  it('each find what those before them left', () => {
    expect(evaluated({ a: bonus, b: bonus, c: bonus, d: bonus }, { headroom: 25 })).toEqual([
      ['a', 10, null],
      ['b', 10, null],
      ['c', 5, 'programme.maximumBalance'],
      ['d', 0, 'programme.maximumBalance'],
    ]);
  });

  it('leave to the next what their own limits cut', () => {
    const limited = earningRule({
      amount: basketBonus(10, 0),
      limits: [{ period: 'purchase', points: 4, times: null }],
    });
    expect(evaluated({ a: limited, b: bonus }, { headroom: 12 })).toEqual([
      ['a', 4, 'rule.perPurchase'],
      ['b', 8, 'programme.maximumBalance'],
    ]);
  });
});

describe('several rules with limits', () => {
  it('have counters of their own', () => {
    const limited = earningRule({
      amount: basketBonus(10, 0),
      limits: [{ period: 'day', points: 15, times: null }],
    });
    const counters = countGiven(NO_COUNTERS, 'a', '2026-03-10', 10);
    expect(evaluated({ a: limited, b: limited }, { counters })).toEqual([
      ['a', 5, 'rule.perDay'],
      ['b', 10, null],
    ]);
  });
});
