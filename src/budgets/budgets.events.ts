import type { JsonSchema } from '../kernel/public-event.js';
import { amount, nullable, object, text, whole } from '../kernel/json-schema.js';
import { publicEvent } from '../kernel/public-event.js';
import { amountsView } from './budget-view.js';
import type { BudgetNotice } from './domain-events.js';

const amounts = object({ points: nullable(whole), uses: nullable(whole), money: nullable(amount) });
const schema: JsonSchema = object({ budgetId: text, budgetVersion: whole, limit: amounts, used: amounts });

function payload({ data }: { readonly data: BudgetNotice }, currency: string) {
  const { budgetId, version, limit, used } = data;
  const view = { limit: amountsView(limit, currency), used: amountsView(used, currency) };
  return { budgetId, budgetVersion: version, ...view };
}

/** Published with the award that reached the state, or with the next one after it. */
export const budgetEvents = [
  publicEvent({ from: 'budget.warning', type: 'budget.warning', version: 1, schema, payload }),
  publicEvent({ from: 'budget.spent', type: 'budget.spent', version: 1, schema, payload }),
];
