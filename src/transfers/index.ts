export { followMember } from './follow.js';
export { sendPoints } from './send-points.handler.js';
export { transferEvents } from './transfers.events.js';
export { transferSchemas } from './transfers.schemas.js';
export { transfersSlice } from './transfers.slice.js';
export { TransfersModule } from './transfers.module.js';
