export type * from './domain-events.js';
export type * from './domain/counted-day.js';
export type * from './domain/rule-trace.js';
export { earnOnActivity } from './activity.reactors.js';
export { earnOnPurchase } from './earning.reactors.js';
export {
  budgetsNamed,
  returnToBudgets,
  returnToBudgetsElsewhere,
  returnToBudgetsOfActivity,
  returnToBudgetsOfPromotion,
  returnToBudgetsOfRegistration,
} from './within-budgets.js';
export { countedDays } from './domain/counters.js';
export { earningCountersSlice } from './earning-counters.slice.js';
export { limitsOfOthersSlice } from './limits-of-others.slice.js';
export { earningRuleKind, firstRuleAfter, type PublishedEarningRule } from './earning-rule.kind.js';
export { earningRulesInForce, isPromotionRule, rulesTriggeredBy } from './earning-rule.kind.js';
export { CALENDAR, PROMOTION, triggerName, triggerOf, type CalendarTrigger } from './domain/rule-trigger.js';
export { awardsOfOccasion, nothingOfOccasion } from './occasion.js';
export { activityHistorySlice } from './activity-history.slice.js';
export { historyOfRules } from './history-source.js';
export { historyOfMilestones, isMilestone } from './milestone-runs.js';
export { carryMilestones, reachMilestones } from './milestones.reactors.js';
export { milestonesLowered } from './milestones-lowered.js';
export { milestoneLots } from './milestones.query.js';
export { milestonesSlice } from './milestones.slice.js';
export type { MilestoneSteps, TakenSteps } from './domain/milestone.js';
export { personSlice } from './person.slice.js';
export { earningSchemas } from './earning.schemas.js';
export { EarningModule } from './earning.module.js';
export { explained, readExplanation, storedExplanation, type ExplainedRule } from './stored-explanation.js';
export { pointsKept } from './remaining-basket.js';
export { givesBoth } from './status-awards.js';
export type { EarningRule } from './domain/earning-rule.js';
export { explanationSentences, ruleWordsOf, type ExplanationSentences } from './explanation-sentences.js';
export type { RuleWords } from './words/worded-rule.js';
export { conditionCount, MAX_PLAIN_CONDITIONS, ruleSentences } from './words/rule-sentences.js';
export { isRunning } from './domain/assessed.js';
export type { RuleInForce } from './domain/rule-in-force.js';
export { campaignsOfRules } from './registered-for.js';
export { earnOnRegistration } from './registration.reactors.js';
