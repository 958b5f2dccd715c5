export type * from './domain-events.js';
export type * from './domain/measured-day.js';
export { tierSetInForce } from './tier-set.kind.js';
export { historyAskedBy, historySlice, type HistoryDemand } from './member-history.slice.js';
export { lastVisit, pastSince, type MemberHistory, type Moment } from './domain/member-history.js';
export { measuresOfOthersSlice } from './measures-of-others.slice.js';
export { standingSlice } from './tiers.slice.js';
export { standingView, type StandingView } from './standing-view.js';
export { changeAt, tierAt } from './domain/standing.js';
export {
  promoteOnMerge,
  promoteOnPurchase,
  reevaluateOnCancellation,
  reevaluateOnUndo,
  reevaluateOnExchange,
  reevaluateOnReturn,
} from './tiers.reactors.js';
export { heldSince } from './domain/held-since.js';
export { tellStatusCancelled, tellStatusGiven, tellStatusReturned } from './status-points.reactors.js';
export { StandingQuery } from './standing.query.js';
export { tierSetKind } from './tier-set.kind.js';
export { applyLaddersJob } from './apply-ladders.job.js';
export { TiersModule } from './tiers.module.js';
export { tierEvents } from './tiers.events.js';
export type { TierSet } from './domain/tier-set.js';
export { tierSchemas } from './tiers.schemas.js';
export { recountedPlace, type StoredLadder } from './place-recount.js';
