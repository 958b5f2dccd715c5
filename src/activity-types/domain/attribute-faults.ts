import { compareDecimals, isDecimal } from '../../kernel/decimal.js';
import type { FieldError } from '../../kernel/problem.js';
import { isLocalDate } from '../../kernel/time.js';
import type { ActivityType, AttributeSchema } from './activity-type.js';

/**
 * What of an activity's attributes does not fit the schema of its type, each with its place.
 * @param pointer where the attributes stand in the request body.
 */
export function attributeFaults(
  { attributes: schemas }: Pick<ActivityType, 'attributes'>,
  attributes: Readonly<Record<string, unknown>>,
  pointer: string,
): readonly FieldError[] {
  const known = new Map(schemas.map((schema) => [schema.name, schema]));
  const missing = schemas
    .filter(({ name, required }) => required && !Object.hasOwn(attributes, name))
    .map(({ name }) => fault(pointer, name, 'ATTRIBUTE_MISSING', `The attribute ${name} is needed.`));
  const wrong = Object.entries(attributes).flatMap(([name, value]): readonly FieldError[] => {
    const schema = known.get(name);
    if (!schema) {
      const detail = `The type has no attribute ${name}.`;
      return [fault(pointer, name, 'ATTRIBUTE_UNKNOWN', detail)];
    }
    const expected = unlike(schema, value);
    return expected === null
      ? []
      : [fault(pointer, name, 'ATTRIBUTE_INVALID', `${name} must be ${expected}.`)];
  });
  return [...missing, ...wrong];
}

function fault(pointer: string, name: string, code: string, detail: string): FieldError {
  return { pointer: `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, code, detail };
}

/** What a value should have been; null where it is that. */
function unlike(schema: AttributeSchema, value: unknown): string | null {
  const { type, maxLength } = schema;
  const values = schema.values ?? [];
  switch (type) {
    case 'text':
      return typeof value === 'string' && value.length <= (maxLength ?? value.length)
        ? null
        : `a text${maxLength === null ? '' : ` of at most ${maxLength} characters`}`;
    case 'boolean':
      return typeof value === 'boolean' ? null : 'true or false';
    case 'date':
      return typeof value === 'string' && isLocalDate(value) ? null : 'a calendar day such as 2026-11-22';
    case 'oneOf':
      return typeof value === 'string' && values.includes(value) ? null : `one of ${values.join(', ')}`;
    case 'whole': {
      const isWhole = typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
      return isWhole && isWithin(schema, String(value)) ? null : `a whole number${range(schema)}`;
    }
    case 'decimal':
      return typeof value === 'string' && isDecimal(value) && isWithin(schema, value)
        ? null
        : `a decimal in quotes${range(schema)}`;
  }
}

function isWithin({ minimum, maximum }: AttributeSchema, value: string): boolean {
  if (!isDecimal(value)) return false;
  if (minimum !== null && compareDecimals(value, minimum) < 0) return false;
  return maximum === null || compareDecimals(value, maximum) <= 0;
}

function range({ minimum, maximum }: AttributeSchema): string {
  if (minimum !== null && maximum !== null) return ` from ${minimum} to ${maximum}`;
  if (minimum !== null) return ` from ${minimum} on`;
  return maximum === null ? ', not negative' : ` up to ${maximum}`;
}
