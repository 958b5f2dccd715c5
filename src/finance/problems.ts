import { defineProblems, type Problem } from '../kernel/problem.js';
import { formatInstant, type Instant } from '../kernel/time.js';

export const financeProblems = defineProblems({
  NO_ACCOUNTING_POLICY: {
    status: 409,
    title: 'No accounting policy is in force',
    zhHant: '沒有生效的會計政策',
  },
});

/**
 * The refusal of what needs the estimates of a time that has none.
 * @param begins when the first policy after it begins; null where there is none.
 */
export function noAccountingPolicy(at: Instant, begins: Instant | null): Problem {
  const none = `No accounting policy was in force at ${formatInstant(at)}`;
  if (begins === null) {
    const how = 'publish one with PUT /v1/finance/policies/draft and POST /v1/finance/policies/publish';
    return financeProblems.problem('NO_ACCOUNTING_POLICY', `${none}; ${how}.`);
  }
  const from = formatInstant(begins);
  const detail = `${none}; the one there is begins at ${from}.`;
  return financeProblems.problem('NO_ACCOUNTING_POLICY', detail, { meta: { begins: from } });
}
