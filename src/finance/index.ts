export { accountingPolicyKind } from './accounting-policy.kind.js';
export type { AccountingPolicy } from './domain/accounting-policy.js';
export { FinanceModule } from './finance.module.js';
export { valueAwards } from './finance.reactors.js';
export { financeProblems } from './problems.js';
