import { ValidateBy } from 'class-validator';
import { isName } from '../../kernel/texts.js';

/** A name that people read, of 1 to `max` characters: one line in which something is seen. */
export function IsName(max: number): PropertyDecorator {
  return ValidateBy({
    name: 'isName',
    constraints: [max],
    validator: {
      validate: (value) => typeof value === 'string' && isName(value, max),
      defaultMessage: () =>
        `$property must be a name of 1 to ${max} characters, with no white space at its ends and no line break or control character in it`,
    },
  });
}
