export { earnOnPurchase } from './earning.reactors.js';
export { earningRuleKind } from './earning-rule.kind.js';
export { EarningModule } from './earning.module.js';
export type { EarningRule } from './domain/earning-rule.js';
