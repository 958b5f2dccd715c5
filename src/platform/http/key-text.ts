import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { ValidateBy, type ValidationOptions } from 'class-validator';
import { keyForm, keyTextFault } from '../../kernel/texts.js';

/** A text that something is known by, in the one form in which such texts are compared (docs/api.md, Texts). */
export function IsKeyText(max: number, options: ValidationOptions = {}): PropertyDecorator {
  const subject = options.each ? 'each of $property' : '$property';
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => formOf(value)),
    ValidateBy(
      {
        name: 'isKeyText',
        constraints: [max],
        validator: {
          validate: (value) => typeof value === 'string' && keyTextFault(value, max) === null,
          defaultMessage: () =>
            `${subject} must be a text of 1 to ${max} characters, with no white space at its ends and no tab, line break or invisible character in it`,
        },
      },
      options,
    ),
  );
}

function formOf(value: unknown): unknown {
  if (typeof value === 'string') return keyForm(value);
  return Array.isArray(value) ? value.map(formOf) : value;
}
