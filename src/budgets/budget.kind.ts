import type { ConfigKind, ConfigSnapshot, Published } from '../platform/versioned-config/config-snapshot.js';
import type { Left } from './domain/amounts.js';
import type { Budget } from './domain/budget.js';
import { COST_PER_MINOR } from './point-cost.js';

export const budgetKind: ConfigKind<Budget> = { name: 'budget' };

/**
 * The version of a budget that counts: the last published, whatever a receipt is of, for a budget goes by arrival.
 */
export function currentBudget(config: ConfigSnapshot, id: string): Published<Budget> | undefined {
  return config
    .versions(budgetKind, id)
    .reduce<Published<Budget> | undefined>(
      (last, version) => (last && last.version > version.version ? last : version),
      undefined,
    );
}

/** The limits as they are counted. */
export function limitsOf({ points, uses, moneyMinor }: Budget): Left {
  return { points, uses, cost: moneyMinor === null ? null : BigInt(moneyMinor) * COST_PER_MINOR };
}
