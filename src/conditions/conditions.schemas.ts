import { flag, list, nullable, object, oneOf, text, whole } from '../kernel/json-schema.js';
import { CONDITION_SCOPES } from './vocabulary.js';

const descriptions = object({ en: text, 'zh-Hant': text });

/** What the language of conditions answers, by name. */
export const conditionSchemas = {
  ConditionVocabulary: object({
    subjects: list(
      object({
        name: text,
        on: list(oneOf(CONDITION_SCOPES)),
        descriptions,
        values: list(
          object({
            name: text,
            argument: nullable(oneOf(['attribute', 'word', 'window', 'activity'])),
            type: oneOf(['string', 'int', 'bool', 'Decimal', 'list<Line>']),
            descriptions,
          }),
        ),
      }),
    ),
  }),
  ConditionCheck: object({
    valid: flag,
    fault: nullable(object({ code: text, detail: text, from: whole, to: whole })),
    parts: list(text),
    steps: nullable(whole),
  }),
};
