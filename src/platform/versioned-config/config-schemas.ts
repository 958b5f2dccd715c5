import {
  instant,
  list,
  nullable,
  object,
  oneOf,
  ref,
  text,
  whole,
  wholeList,
} from '../../kernel/json-schema.js';
import type { JsonSchema } from '../../kernel/public-event.js';

/** A version of a configuration; its definition can be sent back as it was read. */
const version = {
  id: text,
  version: whole,
  status: oneOf(['draft', 'published', 'withdrawn']),
  basedOn: nullable(whole),
  etag: nullable(text),
  effectiveAt: nullable(instant),
  createdAt: instant,
  createdBy: text,
  publishedAt: nullable(instant),
  publishedBy: nullable(text),
  withdrawnAt: nullable(instant),
  withdrawnBy: nullable(text),
};

const pause = {
  id: text,
  from: instant,
  until: nullable(instant),
  by: text,
  resumedBy: nullable(text),
  note: nullable(text),
};

/** What pauses of any kind of configuration answer. */
export const pauseSchemas = {
  Pause: object(pause),
  Pauses: object({ data: list(ref('Pause')) }),
};

const side = object({
  version: whole,
  status: oneOf(['draft', 'published']),
  effectiveAt: nullable(instant),
});

/** A text in both languages. */
export const wordingSchema = object({ en: text, 'zh-Hant': text });

const change = object({
  path: text,
  change: oneOf(['added', 'removed', 'changed']),
  before: {},
  after: {},
  sentence: nullable(wordingSchema),
});

/** What every kind of configuration answers alike, by name. */
export const sharedConfigSchemas = {
  ConfigChange: change,
  ConfigDiff: object({ id: text, from: side, to: side, changes: list(ref('ConfigChange')) }),
};

/**
 * What a kind of configuration answers: `<name>Version`, `<name>Versions` of all of its kind, and `<name>History` of one.
 * @param body name of the class of its request.
 * @param more what stands beside each version in the list of all.
 */
export function configSchemas<N extends string>(
  name: N,
  body: string,
  more: Readonly<Record<string, JsonSchema>> = {},
): Readonly<Record<`${N}Version` | `${N}Versions` | `${N}History`, JsonSchema>> {
  const one = { ...version, definition: ref(body) };
  return {
    [`${name}Version`]: object(one),
    [`${name}Versions`]: wholeList(
      Object.keys(more).length > 0 ? object({ ...one, ...more }) : ref(`${name}Version`),
    ),
    [`${name}History`]: object({ data: list(ref(`${name}Version`)) }),
  } as Record<`${N}Version` | `${N}Versions` | `${N}History`, JsonSchema>;
}
