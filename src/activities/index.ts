export type * from './domain-events.js';
export type * from './domain/activity-facts.js';
export { activitiesSlice } from './activities.slice.js';
export { activityEvents } from './activities.events.js';
export { activitySchemas } from './activities.schemas.js';
export { ActivitiesModule } from './activities.module.js';
export { activityTarget } from './activity-load.query.js';
export { cancelActivity } from './cancel-activity.handler.js';
export { recordActivity } from './record-activity.handler.js';
