import { instant, list, nullable, object, oneOf, text, whole } from '../kernel/json-schema.js';
import { wordingSchema } from '../platform/versioned-config/config-schemas.js';

const source = { kind: text, id: text, version: whole };

/** What the terms answer, by name. */
export const termsSchemas = {
  Terms: object({
    at: instant,
    title: wordingSchema,
    sections: list(
      object({
        key: text,
        heading: wordingSchema,
        sentences: list(object({ text: wordingSchema, source: nullable(object(source)) })),
      }),
    ),
    warnings: list(object({ code: oneOf(['HARD_TO_EXPLAIN']), ...source, detail: wordingSchema })),
  }),
};
