export type * from './domain-events.js';
export { changeRole } from './change-role.handler.js';
export { createHousehold, joinHousehold } from './join-household.handler.js';
export { leaveHousehold } from './leave-household.handler.js';
export { householdEvents } from './households.events.js';
export { householdSchemas } from './households.schemas.js';
export { householdsSlice } from './households.slice.js';
export { HouseholdsModule } from './households.module.js';
