import type { JsonSchema } from './public-event.js';

/** Small words for payload schemas (JSON Schema 2020-12), so that they read as lists of fields. */
export const text: JsonSchema = { type: 'string' };
export const whole: JsonSchema = { type: 'integer' };
export const instant: JsonSchema = { type: 'string', format: 'date-time' };
export const day: JsonSchema = { type: 'string', format: 'date' };
export const flag: JsonSchema = { type: 'boolean' };
/** A sub-ledger amount in major currency units. */
export const amount: JsonSchema = { type: 'string', pattern: '^-?\\d+(\\.\\d+)?$' };

export function nullable(schema: JsonSchema): JsonSchema {
  return { anyOf: [schema, { type: 'null' }] };
}

export function list(items: JsonSchema): JsonSchema {
  return { type: 'array', items };
}

/** All fields are required and no others exist: a new field is a new version. */
export function object(
  properties: Readonly<Record<string, JsonSchema>>,
  optional: Readonly<Record<string, JsonSchema>> = {},
): JsonSchema {
  const all = { ...properties, ...optional };
  return { type: 'object', properties: all, required: Object.keys(properties), additionalProperties: false };
}

/** One of these texts. */
export function oneOf(values: readonly string[]): JsonSchema {
  return { type: 'string', enum: [...values] };
}

/** A schema that is published under a name of its own. */
export function ref(name: string): JsonSchema {
  return { $ref: `#/components/schemas/${name}` };
}

/** A page of a list. */
export function page(items: JsonSchema): JsonSchema {
  return object({ data: list(items), nextCursor: nullable(text) });
}

/** A list that has no pages. */
export function wholeList(items: JsonSchema): JsonSchema {
  return object({ data: list(items), nextCursor: { type: 'null' } });
}

/** Free-form JSON. */
export const free: JsonSchema = { type: 'object', additionalProperties: true };
