export { PendingModule } from './pending.module.js';
export { reportEvent } from './report-event.handler.js';
export { returnCancelledAwards } from './cancelled-awards.reactor.js';
export { othersOfHouseholdSlice } from './others-of-household.slice.js';
export { pendingSchemas } from './pending.schemas.js';
export { waitingTarget } from './waiting-target.query.js';
