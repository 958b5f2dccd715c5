import { formatScaled } from '../kernel/decimal.js';
import { currencyExponent } from '../kernel/money.js';
import type { BudgetUseFound } from './budget-report.query.js';
import { limitsOf } from './budget.kind.js';
import type { Left } from './domain/amounts.js';
import type { Budget } from './domain/budget.js';

/** Decimals of a cost below the minor unit: it is counted in 10^-12 of it. */
const COST_DIGITS = 12;

/** Amounts of a budget as answers and events have them; null in units without a limit. */
export function amountsView({ points, uses, cost }: Left, currency: string) {
  return { points, uses, money: cost === null ? null : moneyOf(cost, currency) };
}

/** Major units, exactly, without zeros beyond the minor unit. */
function moneyOf(cost: bigint, currency: string): string {
  const exponent = currencyExponent(currency);
  const text = formatScaled(cost, exponent + COST_DIGITS);
  const whole = text.length - COST_DIGITS;
  const more = text.slice(whole).replace(/0+$/, '');
  return `${text.slice(0, whole)}${more}`.replace(/\.$/, '');
}

/** What is left of a budget and what rules used of it. */
export function budgetUseView(
  id: string,
  version: number,
  body: Budget,
  { left, rules }: BudgetUseFound,
  currency: string,
) {
  return {
    id,
    version,
    name: body.name,
    warnAtPercent: body.warnAtPercent,
    limit: amountsView(limitsOf(body), currency),
    left: amountsView(left, currency),
    rules: rules.map(({ ruleId, ...used }) => ({ ruleId, ...amountsView(used, currency) })),
  };
}
