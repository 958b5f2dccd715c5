export { activityTypeFrom, activityTypeInForce, activityTypeKind } from './activity-type.kind.js';
export { ActivityTypesModule } from './activity-types.module.js';
export { activityTypeSchemas } from './activity-types.schemas.js';
export { attributeFaults } from './domain/attribute-faults.js';
export { unreadable } from './domain/activity-condition-faults.js';
export type { ActivityType } from './domain/activity-type.js';
