import { configSchemas } from '../platform/versioned-config/config-schemas.js';

/** What types of activities answer, by name. */
export const activityTypeSchemas = configSchemas('ActivityType', 'ActivityTypeDto');
