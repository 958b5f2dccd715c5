import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { IsOptional, ValidateBy, ValidateIf, type ValidationOptions } from 'class-validator';
import { isDecimal } from '../../kernel/decimal.js';
import { isFixedDate } from '../../kernel/fixed-date.js';
import { isLocalDate, parseInstant } from '../../kernel/time.js';

/** The largest free-form object a request may carry, as JSON text in bytes. */
export const MAX_ATTRIBUTES_BYTES = 8192;

/** An RFC 3339 instant with an offset. */
export function IsInstant(): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ type: String, format: 'date-time' }),
    ValidateBy({
      name: 'isInstant',
      validator: {
        validate: (value) => typeof value === 'string' && inRange(parseInstant(value)),
        defaultMessage: () =>
          '$property must be an RFC 3339 instant with an offset, between the years 1970 and 2200',
      },
    }),
  );
}

function inRange(instant: number | null): boolean {
  return instant !== null && instant >= 0 && instant < Date.UTC(2200, 0);
}

/** A calendar day, YYYY-MM-DD. */
export function IsDay(): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ type: String, format: 'date' }),
    ValidateBy({
      name: 'isDay',
      validator: {
        validate: (value) => typeof value === 'string' && isLocalDate(value),
        defaultMessage: () => '$property must be a calendar day such as 2026-11-22',
      },
    }),
  );
}

/** A date of every year, MM-DD, or of one, YYYY-MM-DD. */
export function IsFixedDate(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isFixedDate',
      validator: {
        validate: (value) => typeof value === 'string' && isFixedDate(value),
        defaultMessage: () => '$property must be a date such as 12-31 or 2026-12-31',
      },
    },
    options,
  );
}

/** A field that belongs to some of the values of `type`: it must stand with the needed ones, may with the allowed. */
export function OfTypes({
  needed = [],
  allowed = [],
}: {
  readonly needed?: readonly string[];
  readonly allowed?: readonly string[];
}): PropertyDecorator {
  const types = [...needed, ...allowed];
  const typeOf = (object: object): string => (object as { type: string }).type;
  return (target, property) => {
    ValidateIf((object: object, value) => needed.includes(typeOf(object)) || value !== undefined)(
      target,
      property,
    );
    ValidateBy({
      name: 'isOfTypes',
      validator: {
        validate: (_, args) => args !== undefined && types.includes(typeOf(args.object)),
        defaultMessage: () => `$property belongs to type ${types.join(', ')} only`,
      },
    })(target, property);
  };
}

/** A plain non-negative decimal as a string. */
export function IsDecimalText(): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ type: String, pattern: '^\\d{1,15}(\\.\\d{1,12})?$' }),
    ValidateBy({
      name: 'isDecimal',
      validator: {
        validate: (value) => typeof value === 'string' && isDecimal(value),
        defaultMessage: () => '$property must be a decimal string such as "0.95"',
      },
    }),
  );
}

/** A whole number of points or minor units between bounds. */
export function IsWhole(min: number, max: number): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ type: 'integer', minimum: min, maximum: max }),
    ValidateBy({
      name: 'isWhole',
      constraints: [min, max],
      validator: {
        validate: (value) =>
          Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max,
        defaultMessage: () => `$property must be a whole number from ${min} to ${max}`,
      },
    }),
  );
}

/**
 * An object whose names are not ours. class-transformer would rebuild it, take a field named `constructor` for its
 * class and leave out what every object has. It does neither where a flag is announced.
 */
export function AsItCame(): PropertyDecorator {
  return applyDecorators(
    Type(() => Boolean),
    Transform(({ obj, key }: { obj: Record<string, unknown>; key: string }) => obj[key]),
  );
}

/** A free-form JSON object of bounded size. */
export function IsAttributes(): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ type: 'object', additionalProperties: true }),
    AsItCame(),
    ValidateBy({
      name: 'isAttributes',
      validator: {
        validate: (value) =>
          value !== null &&
          typeof value === 'object' &&
          !Array.isArray(value) &&
          Buffer.byteLength(JSON.stringify(value)) <= MAX_ATTRIBUTES_BYTES,
        defaultMessage: () => `$property must be an object of at most ${MAX_ATTRIBUTES_BYTES} bytes`,
      },
    }),
  );
}

/**
 * A list whose elements differ in what `by` says of them. As class-validator's `ArrayUnique`, whose time grows with the
 * square of the length: a list far too long for its own limit would delay every other request.
 */
export function AllDifferentBy<T>(
  by: (element: T) => unknown,
  options?: ValidationOptions,
): PropertyDecorator {
  return ValidateBy(
    {
      name: 'arrayUnique',
      validator: {
        validate: (value) => Array.isArray(value) && new Set((value as T[]).map(by)).size === value.length,
        defaultMessage: () => 'all elements of $property must differ',
      },
    },
    options,
  );
}

/** `true` or `false`, in a query string as well; absent if it is not given. */
export function IsFlag(): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ type: Boolean, required: false, default: false }),
    IsOptional(),
    Transform(({ value }: { value: unknown }) =>
      value === 'true' ? true : value === 'false' ? false : value,
    ),
    ValidateBy({
      name: 'isFlag',
      validator: {
        validate: (value) => typeof value === 'boolean',
        defaultMessage: () => '$property must be true or false',
      },
    }),
  );
}
