export { FinanceModule } from './finance.module.js';
export { valueAwards } from './finance.reactors.js';
export {
  ACCOUNTING_POLICY_KEY,
  accountingPolicyInForce,
  accountingPolicyKind,
} from './accounting-policy.kind.js';
export { AccountingPolicyDto, accountingPolicyOf } from './accounting-policy.dto.js';
export type { AccountingPolicy } from './domain/accounting-policy.js';
export { DEFAULT_CHART } from './domain/chart-of-accounts.js';
export { financeProblems } from './problems.js';
