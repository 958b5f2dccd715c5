export type * from './domain-events.js';
export type * from './domain/return-facts.js';
export { postPurchase } from './post-purchase.handler.js';
export { findReturn, postReturn } from './post-return.handler.js';
export { claimReceipt } from './claim-receipt.handler.js';
export { purgeUnmatchedJob } from './purge-unmatched.job.js';
export { exchange } from './exchange.handler.js';
export { PurchasesModule } from './purchases.module.js';
export { purchasesSlice } from './purchases.slice.js';
export { purchaseEvents } from './purchases.events.js';
export { purchaseCommand } from './purchase-request.js';
export { purchaseSchemas } from './purchases.schemas.js';
export { purchaseEventSchemas } from './purchase-event.schemas.js';
export { reportEvent } from './report-event.handler.js';
export { returnCancelledAwards } from './cancelled-awards.reactor.js';
export { undoGrants, type UndoGrantsBody } from './undo-grants.handler.js';
export type { UndoableReceipt } from './domain/undoable-receipt.js';
export { UndoableReceiptsQuery, type ReceiptPosition } from './undoable-receipts.query.js';
export { waitingTarget } from './waiting-target.query.js';
export { GONE_ELSEWHERE, purchaseTarget } from './recorded-purchase.query.js';
export { grantedView } from './granted-view.js';
export { tierChangeView } from './tier-change-view.js';
export { purchaseProblems } from './problems.js';
export { checkBackdating } from './check-backdating.js';
export { loadedWithReceipt, planReturnByHand } from './return-by-hand.js';
export { ReturnLookup } from './return-lookup.query.js';
export { goneCountedByReturns } from './gone-counted.js';
export { planTakeBack } from './domain/take-back.js';
export { CLOCK_SKEW_MS } from './domain/purchase-body.js';
export {
  countReceiptsToReplay,
  membersToReplay,
  receiptsToReplay,
  type ReceiptSpan,
  type ReceiptToReplay,
} from './replayed-receipts.query.js';
