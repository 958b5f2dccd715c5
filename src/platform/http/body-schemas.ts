import { validationMetadatasToSchemas } from 'class-validator-jsonschema';
import { MAX_POINTS } from '../../kernel/points.js';
import { transformerStorage } from './compiled-transforms.js';
import { MAX_ATTRIBUTES_BYTES } from './fields.js';

type Schema = Readonly<Record<string, unknown>>;

/** What our own field decorators mean; those of class-validator are known already. */
const FIELD_SCHEMAS: Readonly<Record<string, (constraints: readonly number[]) => Schema>> = {
  isInstant: () => ({ type: 'string', format: 'date-time' }),
  isDay: () => ({ type: 'string', format: 'date' }),
  isDecimal: () => ({ type: 'string', pattern: '^\\d{1,15}(\\.\\d{1,12})?$' }),
  isWhole: ([minimum, maximum]) => ({ type: 'integer', minimum, maximum }),
  isAttributes: () => ({
    type: 'object',
    additionalProperties: true,
    description: `Free form, at most ${MAX_ATTRIBUTES_BYTES} bytes of JSON`,
  }),
  isFlag: () => ({ type: 'boolean' }),
  isCurrency: () => ({ type: 'string', pattern: '^[A-Z]{3}$', description: 'ISO 4217' }),
  isPhoneRegion: () => ({ type: 'string', pattern: '^[A-Z]{2}$', description: 'ISO 3166' }),
  isTimeZone: () => ({ type: 'string', description: 'IANA time zone' }),
  isKeyText: ([maxLength]) => ({ type: 'string', minLength: 1, maxLength, pattern: '^\\S(.*\\S)?$' }),
  isQuantityStep: () => ({ type: 'string', pattern: '^\\d{1,15}(\\.\\d{1,12})?$' }),
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
};

/**
 * JSON Schemas of every request body, out of the very constraints that check them, so that the document cannot
 * promise what the server refuses.
 */
export function bodySchemas(): Readonly<Record<string, Schema>> {
  const schemas = validationMetadatasToSchemas({
    classTransformerMetadataStorage: transformerStorage as never,
    refPointerPrefix: '#/components/schemas/',
    additionalConverters: Object.fromEntries(
      Object.entries(FIELD_SCHEMAS).map(([name, schema]) => [
        name,
        (metadata) => schema((metadata.constraints ?? []) as number[]),
      ]),
    ),
  });
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, { ...schema, additionalProperties: false }]),
  );
}
