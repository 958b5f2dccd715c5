import { defineProblems, type Problem } from '../kernel/problem.js';
import type { UndecidedAccountsError } from '../ledger/index.js';
import { formatInstant, type Instant } from '../kernel/time.js';

export const financeProblems = defineProblems({
  NO_ACCOUNTING_POLICY: {
    status: 409,
    title: 'No accounting policy is in force',
    zhHant: '沒有生效的會計政策',
  },
  ACCOUNTS_UNDECIDED: {
    status: 409,
    title: 'What is due on some accounts cannot be applied',
    zhHant: '部分帳戶的到期事項無法處理',
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

/** The refusal of a report whose books lack what is due on some accounts; `meta` names the first twenty. */
export function accountsUndecided({ accounts, count }: UndecidedAccountsError): Problem {
  const detail =
    `What is due on ${accounts.join(', ')} cannot be applied (accounts: ${count}), so the books are not complete. ` +
    'Run verify; the reason is in the log of the server.';
  return financeProblems.problem('ACCOUNTS_UNDECIDED', detail, { meta: { accounts, count } });
}
