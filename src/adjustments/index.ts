export { AdjustmentsModule } from './adjustments.module.js';
export { adjust } from './adjust.handler.js';
export { approveAdjustment, rejectAdjustment } from './decide-request.handlers.js';
export { adjustmentsSlice } from './adjustments.slice.js';
export { adjustmentTarget } from './adjustment-load.query.js';
export { adjustmentEvents } from './adjustments.events.js';
export { adjustmentSchemas } from './adjustments.schemas.js';
export { adjustmentReasonKind } from './adjustment-reason.kind.js';
export type { AdjustmentReason } from './domain/adjustment-reason.js';
