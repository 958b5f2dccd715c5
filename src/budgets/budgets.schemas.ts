import { amount, list, nullable, object, text, whole } from '../kernel/json-schema.js';
import { configSchemas } from '../platform/versioned-config/config-schemas.js';

const amounts = { points: nullable(whole), uses: nullable(whole), money: nullable(amount) };

/** What budgets answer, by name. */
export const budgetSchemas = {
  ...configSchemas('Budget', 'BudgetDto'),
  BudgetUse: object({
    id: text,
    version: whole,
    name: text,
    warnAtPercent: nullable(whole),
    limit: object(amounts),
    left: object(amounts),
    rules: list(object({ ruleId: text, ...amounts })),
  }),
};
