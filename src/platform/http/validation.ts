import { plainToInstance, type ClassConstructor } from 'class-transformer';
import { getMetadataStorage, validateSync, ValidationTypes, type ValidationError } from 'class-validator';
import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import type { FieldError } from '../../kernel/problem.js';
import { typeOf, UNSURE } from './compiled-transforms.js';
import { validateCompiled } from './compiled-validation.js';
import { ProblemException } from './problem.exception.js';
import { httpProblems } from './problems.js';

/** Fields named in one answer at most. */
const MAX_ERRORS = 50;

/** Checks bodies and queries against their DTO classes; unknown fields are refused by name. */
@Injectable()
export class ValidationPipe implements PipeTransform {
  transform(value: unknown, { metatype, type }: ArgumentMetadata): unknown {
    if ((type !== 'body' && type !== 'query') || !metatype || metatype === Object) return value;
    // No body says no more than an empty one; `null` is a body, and no object.
    return validated(metatype as ClassConstructor<object>, value === undefined ? {} : value);
  }
}

/**
 * Null in a field that may be left out is as good as leaving it out: no field of the result ever holds it.
 *
 * A compiled check takes what is valid for certain, in a small part of the time; whatever it does not take
 * class-validator validates, and says what is wrong with it.
 * @param parent pointer of `value` within the body, where it is not the body.
 * @throws ProblemException VALIDATION_FAILED with a JSON pointer for each fault.
 */
export function validated<T extends object>(dto: ClassConstructor<T>, value: unknown, parent = ''): T {
  const certain = validateCompiled(dto, value);
  return certain === UNSURE ? fullyValidated(dto, value, parent) : certain;
}

/** What `validated` does, by class-transformer and class-validator alone. */
export function fullyValidated<T extends object>(dto: ClassConstructor<T>, value: unknown, parent = ''): T {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    const detail = parent === '' ? 'The body must be a JSON object.' : 'This must be a JSON object.';
    throw invalid([{ pointer: parent, code: 'NOT_AN_OBJECT', detail }]);
  }
  if (declared(dto).fields.size === 0) {
    const unknown = Object.keys(value).slice(0, MAX_ERRORS);
    if (unknown.length === 0) return new dto();
    throw invalid(unknown.map((name) => unknownField(`${parent}/${escapePointer(name)}`, name)));
  }
  const unknown: FieldError[] = [];
  const known = knownFields(dto, value, parent, unknown);
  const instance = instanceOf(dto, known);
  const faults = validateSync(instance, {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    validationError: { target: false, value: false },
  });
  const shapes = shapeFaults(dto, instance, known, parent);
  const others = shapes.length > 0 ? shapes : faults.flatMap((fault) => flatten(fault, parent));
  if (unknown.length + others.length > 0) throw invalid([...unknown, ...others].slice(0, MAX_ERRORS));
  return instance;
}

function instanceOf<T extends object>(dto: ClassConstructor<T>, value: object): T {
  const options = { exposeUnsetFields: false };
  try {
    return plainToInstance(dto, value, options);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // class-transformer calls what stands under `constructor` in an object it knows no class for, and leaves it out.
    const text = JSON.stringify(value, (key, item: unknown) => (key === 'constructor' ? undefined : item));
    return plainToInstance(dto, JSON.parse(text) as object, options);
  }
}

export function invalid(errors: readonly FieldError[]): ProblemException {
  const first = errors[0];
  const detail = first ? `${first.pointer || 'The body'}: ${first.detail}` : 'The request is not valid.';
  return new ProblemException(httpProblems.problem('VALIDATION_FAILED', detail, { errors }));
}

/** What a class declares, asked of class-validator once. */
interface Declared {
  /** None for a body that must be empty. */
  readonly fields: ReadonlySet<string>;
  /** Those that may be left out, if only sometimes. */
  readonly optional: ReadonlySet<string>;
  /** Fields that hold an object, or (`each`) a list of objects. */
  readonly nested: readonly { readonly propertyName: string; readonly each: boolean }[];
}

const declarations = new WeakMap<ClassConstructor<object>, Declared>();

function declared(dto: ClassConstructor<object>): Declared {
  const known = declarations.get(dto);
  if (known) return known;
  const metadata = getMetadataStorage().getTargetValidationMetadatas(dto, '', true, false);
  const nested = metadata.filter(({ type }) => type === ValidationTypes.NESTED_VALIDATION);
  const optional = metadata.filter(({ type }) => type === ValidationTypes.CONDITIONAL_VALIDATION);
  const made = {
    fields: new Set(metadata.map(({ propertyName }) => propertyName)),
    optional: new Set(optional.map(({ propertyName }) => propertyName)),
    nested: nested.map(({ propertyName, each }) => ({ propertyName, each })),
  };
  declarations.set(dto, made);
  return made;
}

/**
 * A body without null where a field may be left out, and without the undeclared fields, which go to `unknown`. class-transformer and class-validator never
 * see those: both leave out a field named as something that every object has (`toString`, `hasOwnProperty`).
 */
function knownFields(
  dto: ClassConstructor<object>,
  value: object,
  parent: string,
  unknown: FieldError[],
): Readonly<Record<string, unknown>> {
  const { fields, optional, nested } = declared(dto);
  const known: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(value)) {
    const pointer = `${parent}/${escapePointer(name)}`;
    const type = nested.some(({ propertyName }) => propertyName === name) ? typeOf(dto, name) : null;
    if (!fields.has(name)) unknown.push(unknownField(pointer, name));
    else if (item !== null || !optional.has(name))
      known[name] = type === null ? item : knownParts(type, item, pointer, unknown);
  }
  return known;
}

/** The same of an object within, or of each in a list. */
function knownParts(
  dto: ClassConstructor<object>,
  value: unknown,
  pointer: string,
  unknown: FieldError[],
): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (!Array.isArray(value)) return knownFields(dto, value, pointer, unknown);
  return value.map((item: unknown, index) =>
    Array.isArray(item) ? item : knownParts(dto, item, `${pointer}/${index}`, unknown),
  );
}

/**
 * class-validator takes a list for an object and looks into its elements, an empty one into nothing. Here an
 * object is an object, and a list of objects holds no lists.
 */
function shapeFaults(
  dto: ClassConstructor<object>,
  instance: object,
  raw: Readonly<Record<string, unknown>>,
  parent: string,
): FieldError[] {
  return declared(dto).nested.flatMap(({ propertyName, each }) => {
    const pointer = `${parent}/${escapePointer(propertyName)}`;
    const value = raw[propertyName];
    if (value === undefined || value === null) return [];
    const made = (instance as Record<string, unknown>)[propertyName];
    if (!each) return objectFaults(value, made, pointer);
    if (!Array.isArray(value)) return [];
    return value.flatMap((item, index) =>
      objectFaults(item, (made as unknown[])[index], `${pointer}/${index}`),
    );
  });
}

function objectFaults(value: unknown, made: unknown, pointer: string): FieldError[] {
  if (Array.isArray(value))
    return [{ pointer, code: 'NOT_AN_OBJECT', detail: 'A list stands where an object belongs.' }];
  if (value === null || typeof value !== 'object' || made === null || typeof made !== 'object') return [];
  return shapeFaults(
    made.constructor as ClassConstructor<object>,
    made,
    value as Readonly<Record<string, unknown>>,
    pointer,
  );
}

function unknownField(pointer: string, name: string): FieldError {
  return { pointer, code: 'UNKNOWN_FIELD', detail: `There is no field ${name} here.` };
}

export function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

function flatten(error: ValidationError, parent: string): FieldError[] {
  const pointer = `${parent}/${escapePointer(error.property)}`;
  const own = Object.entries(error.constraints ?? {}).map(([constraint, message]) =>
    constraint === 'whitelistValidation'
      ? unknownField(pointer, error.property)
      : { pointer, code: screaming(constraint), detail: sentence(constraint, error.property, message) },
  );
  return [...own, ...(error.children ?? []).flatMap((child) => flatten(child, pointer))];
}

/** What class-validator says by itself, where that is no sentence; our own decorators' messages lack the full stop. */
function sentence(constraint: string, property: string, message: string): string {
  const ofList = message.startsWith('each value in ');
  switch (constraint) {
    case 'nestedValidation':
    case 'unknownValue':
      // An element of a list has its place for a name.
      if (/^\d+$/.test(property)) return 'Each element of the list must be an object.';
      return ofList ? `${property} must be a list of objects.` : `${property} must be an object.`;
    case 'isDefined':
      return `${property} is missing.`;
    case 'arrayUnique':
      return message.startsWith('All ') ? `${property} must name each element once.` : `${message}.`;
    default:
      return `${message}.`;
  }
}

/** isInt -> IS_INT */
function screaming(constraint: string): string {
  return constraint.replaceAll(/([a-z])([A-Z])/g, '$1_$2').toUpperCase();
}
