import {
  getMetadataStorage,
  IS_LENGTH,
  MATCHES,
  type MetadataStorage,
  type ValidationArguments,
} from 'class-validator';

/** One decorator's constraint on one field. */
export type Constraint = ReturnType<MetadataStorage['getTargetValidationMetadatas']>[number];

/** Whether class-validator would let the value pass. */
export type Check = (value: unknown) => boolean;

const ASKS_FOR_MORE = new Error('a validator that looks at more than the value');

/**
 * The check of one constraint: the very function that class-validator calls.
 * @returns null if class-validator does not just call it.
 */
export function checkOf(constraint: Constraint): Check | null {
  if (constraint.validateIf) return null;
  const validators = getMetadataStorage().getTargetValidatorConstraints(constraint.constraintCls);
  const [validator] = validators;
  if (!validator || validators.length > 1 || validator.async) return null;
  const { instance } = validator;
  const seen = argumentsOf(constraint);
  const exact: Check = (value) => instance.validate(value, seen) === true;
  const quick = quickCheckOf(constraint);
  const check: Check = quick ? (value) => quick(value) || exact(value) : exact;
  return constraint.each ? (value) => (Array.isArray(value) ? value.every(check) : check(value)) : check;
}

/** A validator sees the value only; if it looks at the object around it, the check fails and decides nothing. */
function argumentsOf({ propertyName, constraints }: Constraint): ValidationArguments {
  return {
    property: propertyName,
    constraints,
    get targetName(): never {
      throw ASKS_FOR_MORE;
    },
    get object(): never {
      throw ASKS_FOR_MORE;
    },
    get value(): never {
      throw ASKS_FOR_MORE;
    },
  };
}

/** A faster check for constraints with a slow validator: if it fails, the validator decides. */
function quickCheckOf({ name, constraints }: Constraint): Check | null {
  if (name === IS_LENGTH) {
    const [min, max] = constraints as [number, number | undefined];
    // Of several code units that count as one character, one always remains.
    if (min <= 1)
      return (value) => typeof value === 'string' && value.length >= min && value.length <= (max ?? Infinity);
  }
  if (name === MATCHES) {
    const [pattern] = constraints as [unknown];
    // `test` with a global or sticky pattern remembers where it was.
    if (pattern instanceof RegExp && !pattern.global && !pattern.sticky)
      return (value) => typeof value === 'string' && pattern.test(value);
  }
  return null;
}
