import { instant, object, ref, text, wholeList } from '../kernel/json-schema.js';
import { configSchemas } from '../platform/versioned-config/config-schemas.js';

const programme = { id: text, name: text, currency: text, timeZone: text, createdAt: instant };

/** What programmes answer, by name. */
export const programmeSchemas = {
  Programme: object(programme),
  Programmes: wholeList(ref('Programme')),
  ProgrammeStarted: object({ ...programme, key: text }),
  ...configSchemas('ProgrammePolicy', 'ProgrammePolicyDto'),
};
