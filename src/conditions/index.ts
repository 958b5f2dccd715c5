export { conditionSchemas } from './conditions.schemas.js';
export { ConditionsModule } from './conditions.module.js';
export {
  compileCondition,
  MAX_CONDITION_LENGTH,
  type Condition,
  type ConditionContext,
} from './condition.js';
export {
  liveMember,
  MemberValue,
  type MemberFacts,
  type MemberSource,
  type StoredValue,
} from './member-value.js';
export { HistoryValue, liveHistory, type HistoryFacts } from './history-value.js';
export { ActivityValue, type ActivityFacts } from './activity-value.js';
export { LineValue, ReceiptValue, type ReceiptFacts } from './receipt-value.js';
export { TimeValue } from './time-value.js';
export type { ConditionScope } from './vocabulary.js';
export { conditionWords, readWords } from './words/words.js';
