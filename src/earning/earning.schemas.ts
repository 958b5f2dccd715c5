import { configSchemas } from '../platform/versioned-config/config-schemas.js';

/** What earning rules answer, by name. */
export const earningSchemas = configSchemas('EarningRule', 'EarningRuleDto');
