import type { EarningRule } from '../../src/earning/domain/earning-rule.js';
import type { BasketBonus, PerSpend, PerUnit } from '../../src/earning/domain/rule-amount.js';

/** One point for each full 10.00 of every line, tax included, without limits. */
export function earningRule(overrides: Partial<EarningRule> = {}): EarningRule {
  return {
    name: 'base',
    active: true,
    origin: 'purchase',
    condition: null,
    basis: 'gross',
    counts: null,
    amount: perSpend(),
    multiplier: null,
    rounding: 'floor',
    lines: { includeCategories: [], excludeCategories: [] },
    earnOnPointsPaid: false,
    limits: [],
    coolDown: null,
    group: null,
    exclusive: false,
    order: 0,
    expiry: null,
    pending: null,
    endsAt: null,
    ...overrides,
  };
}

export function perSpend(overrides: Partial<PerSpend> = {}): PerSpend {
  return { type: 'perSpend', points: 1, stepMinor: 1000, tierMultipliers: {}, ...overrides };
}

/** One point a piece. */
export function perUnit(overrides: Partial<PerUnit> = {}): PerUnit {
  return { type: 'perUnit', points: 1, perQuantity: '1', tierMultipliers: {}, ...overrides };
}

export function basketBonus(points: number, minimumMinor: number): BasketBonus {
  return { type: 'basketBonus', points, minimumMinor };
}
