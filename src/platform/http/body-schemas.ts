import { ValidationTypes } from 'class-validator';
import { targetConstructorToSchema, validationMetadatasToSchemas } from 'class-validator-jsonschema';
import { nullable } from '../../kernel/json-schema.js';
import { LINE_REVENUES } from '../../kernel/points-paid.js';
import { MAX_POINTS } from '../../kernel/points.js';
import { transformerStorage } from './compiled-transforms.js';
import { MAX_ATTRIBUTES_BYTES } from './fields.js';

type Schema = Readonly<Record<string, unknown>>;
type Properties = Readonly<Record<string, Schema>>;

/** A class whose decorators say what a request may hold. */
export type RequestClass = abstract new (...args: never[]) => object;

const DECIMAL: Schema = { type: 'string', pattern: '^\\d{1,15}(\\.\\d{1,12})?$' };
const MONTH = '(19[7-9]|20\\d|21\\d)\\d-(0[1-9]|1[0-2])';

/** What our own field decorators mean; those of class-validator are known already. */
const FIELD_SCHEMAS: Readonly<Record<string, (constraints: readonly number[]) => Schema>> = {
  isInstant: () => ({ type: 'string', format: 'date-time' }),
  isDay: () => ({ type: 'string', format: 'date' }),
  isDecimal: () => DECIMAL,
  isPointValue: () => DECIMAL,
  isProbability: () => DECIMAL,
  isTaxRate: () => DECIMAL,
  isAsOf: () => ({
    anyOf: [
      { type: 'string', format: 'date' },
      { type: 'string', format: 'date-time' },
    ],
  }),
  isDayOrMonth: () => ({ type: 'string', pattern: `^${MONTH}(-\\d{2})?$` }),
  isAccountMap: () => ({ type: 'object', additionalProperties: { type: 'string' } }),
  isRevenueMap: () => ({
    type: 'object',
    additionalProperties: { type: 'string', enum: [...LINE_REVENUES] },
  }),
  isWhole: ([minimum, maximum]) => ({ type: 'integer', minimum, maximum }),
  isAttributes: () => ({
    type: 'object',
    additionalProperties: true,
    description: `Free form, at most ${MAX_ATTRIBUTES_BYTES} bytes of JSON`,
  }),
  isFlag: () => ({ type: 'boolean' }),
  isUrl: () => ({ type: 'string', format: 'uri' }),
  isCurrency: () => ({ type: 'string', pattern: '^[A-Z]{3}$', description: 'ISO 4217' }),
  isPhoneRegion: () => ({ type: 'string', pattern: '^[A-Z]{2}$', description: 'ISO 3166' }),
  isTimeZone: () => ({ type: 'string', description: 'IANA time zone' }),
  isName: ([maxLength]) => ({ type: 'string', minLength: 1, maxLength, pattern: '^\\S(.*\\S)?$' }),
  isKeyText: ([maxLength]) => ({ type: 'string', minLength: 1, maxLength, pattern: '^\\S(.*\\S)?$' }),
  isDecimalThat: () => DECIMAL,
  // Which of an object's types a field goes with is said in words; no schema keyword of one field can.
  isOfTypes: () => ({}),
  isFixedDate: () => ({ type: 'string', pattern: '^(\\d{4}-)?\\d{2}-\\d{2}$' }),
  isShare: () => ({ type: 'string', pattern: '^[01](\\.\\d{1,12})?$' }),
  isFactor: () => ({ type: 'string', pattern: '^\\d{1,4}(\\.\\d{1,12})?$' }),
  isTierExpiry: () => ({
    type: 'object',
    additionalProperties: { $ref: '#/components/schemas/ExpiryPolicyDto' },
  }),
  isSplit: () => ({
    oneOf: [
      { type: 'string', enum: ['none', 'own', 'equal'] },
      {
        type: 'object',
        properties: { points: { type: 'integer', minimum: 1, maximum: MAX_POINTS } },
        required: ['points'],
        additionalProperties: false,
      },
    ],
  }),
  isTierMultipliers: () => ({ type: 'object', additionalProperties: { type: 'string' } }),
  isTierPoints: () => ({ type: 'object', additionalProperties: { type: 'integer', minimum: 0 } }),
};

/** Stands at a field that may be null until its schema says so. */
const MAY_BE_NULL = 'x-may-be-null';

const OPTIONS = {
  classTransformerMetadataStorage: transformerStorage as never,
  refPointerPrefix: '#/components/schemas/',
  additionalConverters: {
    ...Object.fromEntries(
      Object.entries(FIELD_SCHEMAS).map(([name, schema]) => [
        name,
        (metadata: { constraints?: unknown[] }) => schema((metadata.constraints ?? []) as number[]),
      ]),
    ),
    // Null in a field that has a condition counts as leaving it out, whatever the condition says.
    [ValidationTypes.CONDITIONAL_VALIDATION]: { [MAY_BE_NULL]: true },
    // Whether a field must stand there, `required` says.
    [ValidationTypes.IS_DEFINED]: {},
    // By itself it would guess from the field's type, and guess wrong of everything but texts and numbers.
    [ValidationTypes.CUSTOM_VALIDATION]: ({ type }: { type: string }) => {
      throw new Error(`FIELD_SCHEMAS has no schema for ${type}`);
    },
  },
};

/**
 * JSON Schemas of what requests may say, by the names of their classes, out of the very constraints that check them,
 * so that the document cannot promise what the server refuses.
 * @param named classes that are wanted even if they declare nothing of their own.
 */
export function bodySchemas(named: readonly RequestClass[]): Readonly<Record<string, Schema>> {
  const declared = validationMetadatasToSchemas(OPTIONS) as Record<string, Schema>;
  const inherited = named
    .filter(({ name }) => declared[name] === undefined)
    .map((type) => [type.name, targetConstructorToSchema(type, OPTIONS) as Schema] as const);
  const schemas = Object.entries({ ...declared, ...Object.fromEntries(inherited) });
  return Object.fromEntries(
    schemas.map(([name, schema]) => {
      const properties = Object.entries((schema['properties'] ?? {}) as Properties);
      const fields = properties.map(([field, property]) => [field, withNull(property)] as const);
      const described = { type: 'object', ...schema, properties: Object.fromEntries(fields) };
      return [name, { ...described, additionalProperties: false }];
    }),
  );
}

/** One parameter for each field of a query; none can be null. */
export function queryParameters(type: RequestClass): readonly QueryParameter[] {
  const schema = targetConstructorToSchema(type, OPTIONS) as Schema;
  const required = (schema['required'] ?? []) as readonly string[];
  return Object.entries((schema['properties'] ?? {}) as Properties).map(
    ([name, { [MAY_BE_NULL]: _, ...property }]) => ({
      name,
      in: 'query',
      required: required.includes(name),
      schema: property,
    }),
  );
}

export interface QueryParameter {
  readonly name: string;
  readonly in: 'query';
  readonly required: boolean;
  readonly schema: Schema;
}

/** An optional field may be left out, and may be null, which means the same. */
function withNull({ [MAY_BE_NULL]: mayBeNull, ...schema }: Schema): Schema {
  return mayBeNull ? nullable(schema) : schema;
}
