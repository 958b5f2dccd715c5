import type { BasketBonus, EarningRule, PerSpend } from '../../src/earning/domain/earning-rule.js';

/** One point for each full 10.00 of every line, tax included. */
export function earningRule(overrides: Partial<EarningRule> = {}): EarningRule {
  return {
    name: 'base',
    active: true,
    origin: 'purchase',
    basis: 'gross',
    amount: perSpend(),
    lines: { includeCategories: [], excludeCategories: [] },
    expiry: null,
    endsAt: null,
    ...overrides,
  };
}

export function perSpend(overrides: Partial<PerSpend> = {}): PerSpend {
  return { type: 'perSpend', points: 1, stepMinor: 1000, tierMultipliers: {}, ...overrides };
}

export function basketBonus(points: number, minimumMinor: number): BasketBonus {
  return { type: 'basketBonus', points, minimumMinor };
}
