export type * from './domain-events.js';
export type * from './domain/redemption-facts.js';
export { captureOnPurchase } from './redemptions-on-purchase.reactors.js';
export {
  holdPoints,
  releasePoints,
  restorePoints,
  slideOnCapture,
  usePoints,
} from './redemptions.reactors.js';
export {
  discountGivenBackMinor,
  discountStillGivenMinor,
  planReversal,
  pointsStillUsed,
} from './domain/reversal.js';
export { redemptionProblems } from './problems.js';
export { redeem } from './redeem.handler.js';
export { reverse } from './reverse.handler.js';
export { capture, extendHold, voidHold } from './close-hold.handlers.js';
export { redemptionTarget } from './redemption-targets.query.js';
export { redemptionsSlice, rewardStockSlice } from './redemptions.slice.js';
export { RedemptionsModule } from './redemptions.module.js';
export { RewardStockStore } from './reward-stock.store.js';
export { rewardKind } from './reward.kind.js';
export { redemptionEvents } from './redemptions.events.js';
export type { Reward } from './domain/reward.js';
export { redemptionSchemas } from './redemptions.schemas.js';
