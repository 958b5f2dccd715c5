import { defineProblems, type Problem } from '../kernel/problem.js';
import { formatInstant, type Instant } from '../kernel/time.js';

export const financeProblems = defineProblems({
  NO_ACCOUNTING_POLICY: { status: 409, title: 'No accounting policy in force' },
});

/** The refusal of what needs the estimates of a time that has none. */
export function noAccountingPolicy(at: Instant): Problem {
  const detail = `No accounting policy was in force at ${formatInstant(at)}; publish one with PUT /v1/finance/policies/draft and POST /v1/finance/policies/publish.`;
  return financeProblems.problem('NO_ACCOUNTING_POLICY', detail);
}
