import type { Problem } from '../kernel/problem.js';
import type { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import { currentBudget } from './budget.kind.js';
import { budgetProblems } from './problems.js';

/** The refusal of a rule that names a budget which is not published; null for one that is. */
export function unknownBudget(config: ConfigSnapshot, budgetId: string, pointer: string): Problem | null {
  if (currentBudget(config, budgetId)) return null;
  const detail = `There is no published budget ${budgetId}. Publish the budget first.`;
  const errors = [{ pointer, code: 'BUDGET_UNKNOWN', detail }];
  return budgetProblems.problem('BUDGET_UNKNOWN', detail, { errors, meta: { budgetId } });
}
