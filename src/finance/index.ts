export type * from './domain-events.js';
export { financeSchemas } from './finance.schemas.js';
export { FinanceModule } from './finance.module.js';
export { missingAccountingPolicy, valueAwards } from './finance.reactors.js';
export {
  valueActivity,
  valueCalendarGift,
  valuePromotionGift,
  valueRegistration,
} from './value-gifts.reactors.js';
export { FinanceReports } from './finance-reports.service.js';
export { noPolicyAt, valuationOf, valueCompensation } from './value-compensation.js';
export {
  ACCOUNTING_POLICY_KEY,
  accountingPolicyFor,
  accountingPolicyInForce,
  accountingPolicyKind,
} from './accounting-policy.kind.js';
export type { AccountingPolicy } from './domain/accounting-policy.js';
