export { earnOnPurchase } from './earning.reactors.js';
export { countedDays } from './domain/counters.js';
export { COUNTED_EARNING_DAYS, earningCountersSlice } from './earning-counters.slice.js';
export { earningRuleKind, firstRuleAfter, type PublishedEarningRule } from './earning-rule.kind.js';
export { earningSchemas } from './earning.schemas.js';
export { EarningModule } from './earning.module.js';
export { explained, readExplanation, storedExplanation, type ExplainedRule } from './stored-explanation.js';
export { keepsBonus } from './remaining-basket.js';
export type { EarningRule } from './domain/earning-rule.js';
