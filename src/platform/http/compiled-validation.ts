import type { ClassConstructor } from 'class-transformer';
import { getMetadataStorage, IS_OPTIONAL, ValidationTypes } from 'class-validator';
import { checkOf, type Check, type Constraint } from './compiled-checks.js';
import { objectValidator, type Field, type Validator } from './compiled-object.js';
import { takesFieldsAsNamed, transformOf, typeOf, UNSURE } from './compiled-transforms.js';

type Target = ClassConstructor<object>;

/** By class; null for those that only class-validator can validate. */
const validators = new Map<Target, Validator | null>();

/**
 * What class-transformer and class-validator make of a body that is valid for certain. The decorators' functions are
 * called as they call them, but found once for each class instead of for each body.
 * @param value JSON, or the parameters of a query.
 * @returns an instance of `dto`, or `UNSURE`: then the two must be asked.
 */
export function validateCompiled<T extends object>(
  dto: ClassConstructor<T>,
  value: unknown,
): T | typeof UNSURE {
  try {
    const validate = validatorOf(dto);
    return validate === null ? UNSURE : (validate(value) as T | typeof UNSURE);
  } catch {
    // A check that cannot be made here decides nothing.
    return UNSURE;
  }
}

/** Whether bodies of a class can be validated at all. */
export function isCompiled(dto: Target): boolean {
  return validatorOf(dto) !== null;
}

function validatorOf(dto: Target): Validator | null {
  const known = validators.get(dto);
  if (known !== undefined) return known;
  // This is what a class that holds itself finds: it is not validated.
  validators.set(dto, null);
  const fields = fieldsOf(dto);
  const validate = fields && objectValidator(dto, fields);
  validators.set(dto, validate);
  return validate;
}

/** The fields of a class; null if one cannot be validated, or if class-transformer does more than to copy them. */
function fieldsOf(dto: Target): readonly Field[] | null {
  const constraints = constraintsOf(dto);
  // class-validator refuses what a class has without a decorator, and checks what it has from the beginning.
  const isPlain = Object.entries(new dto()).every(
    ([name, value]) => value === undefined && constraints.has(name),
  );
  if (!isPlain || !takesFieldsAsNamed(dto)) return null;
  const fields = [...constraints].map(([name, ofField]) => fieldOf(dto, name, ofField));
  return fields.every((field) => field !== null) ? fields : null;
}

function constraintsOf(dto: Target): ReadonlyMap<string, readonly Constraint[]> {
  const byName = new Map<string, Constraint[]>();
  for (const constraint of getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false)) {
    const { propertyName } = constraint;
    byName.set(propertyName, [...(byName.get(propertyName) ?? []), constraint]);
  }
  return byName;
}

function fieldOf(dto: Target, name: string, constraints: readonly Constraint[]): Field | null {
  // class-transformer writes nothing where the class itself has something.
  if (name in dto.prototype) return null;
  const ofType = (type: string) => constraints.filter((constraint) => constraint.type === type);
  const conditions = ofType(ValidationTypes.CONDITIONAL_VALIDATION);
  const nested = ofType(ValidationTypes.NESTED_VALIDATION);
  const others = constraints.filter((one) => !conditions.includes(one) && !nested.includes(one));
  // Decorators are applied from the last to the first; a list's size is checked before its elements are compared.
  const own = others.map(checkOf).reverse();
  const checks = nested.length > 0 ? [isNotNull, ...own] : own;
  const transform = nested.length > 0 ? nestedOf(dto, name, nested) : transformOf(dto, name);
  // `IsOptional` lets a field lack, and null is no more than that; what other conditions ask is not known.
  const known = conditions.every((condition) => condition.name === IS_OPTIONAL);
  if (!known || transform === null || !checks.every((check) => check !== null)) return null;
  const mayBeNull = conditions.length > 0;
  return { name, mayLack: mayBeNull || lets(checks, undefined), mayBeNull, transform, checks };
}

/** An object, or with `each` a list of objects, of the one class that `@Type` names; null where that is not so. */
function nestedOf(dto: Target, name: string, [nested, ...more]: readonly Constraint[]): Validator | null {
  const type = typeOf(dto, name);
  if (type === null || more.length > 0) return null;
  const validate = validatorOf(type);
  // class-validator takes no object of a class that declares nothing.
  if (validate === null || constraintsOf(type).size === 0) return null;
  const one: Validator = nested?.each
    ? (value) => (Array.isArray(value) ? listOf(validate, value) : UNSURE)
    : validate;
  return (value) => (value === null ? null : one(value));
}

function listOf(validate: Validator, values: readonly unknown[]): unknown {
  const made = [];
  for (const value of values) {
    const kept = validate(value);
    if (kept === UNSURE) return UNSURE;
    made.push(kept);
  }
  return made;
}

function isNotNull(value: unknown): boolean {
  return value !== null;
}

function lets(checks: readonly Check[], value: unknown): boolean {
  try {
    return checks.every((check) => check(value));
  } catch {
    return false;
  }
}
