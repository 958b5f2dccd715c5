import { object, oneOf } from '../../kernel/json-schema.js';

export const READINESS = ['ready', 'database takes no writes', 'database does not answer'] as const;

/** What the process answers about itself, by name. */
export const observabilitySchemas = {
  Liveness: object({ status: oneOf(['live']) }),
  Readiness: object({ status: oneOf(READINESS) }),
};
