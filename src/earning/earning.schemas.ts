import { list, object, text } from '../kernel/json-schema.js';
import { configSchemas } from '../platform/versioned-config/config-schemas.js';

/** What earning rules answer, by name. */
export const earningSchemas = configSchemas('EarningRule', 'EarningRuleDto', {
  warnings: list(object({ pointer: text, code: text, detail: text })),
});
