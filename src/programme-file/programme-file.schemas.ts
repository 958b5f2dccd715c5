import { free, instant, list, nullable, object, oneOf, ref, text, whole } from '../kernel/json-schema.js';
import { FILE_FORMAT, SECTIONS } from './sections.js';

const named = { section: text, kind: text, id: text };
const fieldError = object({ pointer: text, code: text, detail: text }, { from: whole, to: whole });

/** What programmes answer as a file, by name. */
export const programmeFileSchemas = {
  ProgrammeFile: object(
    { format: oneOf([FILE_FORMAT]), currency: text, timeZone: text },
    Object.fromEntries(SECTIONS.map(({ name }) => [name, free])),
  ),
  ProgrammePlan: object({
    effectiveAt: instant,
    definitions: list(
      object({
        ...named,
        path: text,
        pointer: text,
        action: oneOf(['create', 'change']),
        changes: list(ref('ConfigChange')),
        definition: free,
        draft: nullable(object({ createdBy: text, createdAt: instant, isThis: { type: 'boolean' } })),
        replacedAt: nullable(instant),
        refusal: nullable(object({ code: text, detail: text, errors: list(fieldError) })),
      }),
    ),
    unchanged: whole,
    onlyHere: list(object(named)),
  }),
};
