import { createRequire } from 'node:module';
import { TransformationType, type ClassConstructor, type TransformFnParams } from 'class-transformer';

/** The result of a compiled check that cannot be certain of class-validator's result. */
export const UNSURE: unique symbol = Symbol('unsure');

type Target = ClassConstructor<object>;

/** The metadata of class-transformer about a class. */
interface TransformerStorage {
  getStrategy(dto: Target): 'none' | 'exposeAll' | 'excludeAll';
  getExposedMetadatas(dto: Target): readonly unknown[];
  getExcludedMetadatas(dto: Target): readonly unknown[];
  findTypeMetadata(dto: Target, property: string): TypeMetadata | undefined;
  findTransformMetadatas(
    dto: Target,
    property: string,
    type: TransformationType,
  ): readonly TransformMetadata[];
}

interface TypeMetadata {
  /** The type that TypeScript wrote down for the field: that of a list is `Array`. */
  readonly reflectedType: unknown;
  readonly typeFunction: () => Target;
  readonly options: object;
}

interface TransformMetadata {
  readonly transformFn: (params: TransformFnParams) => unknown;
  readonly options: object;
}

/** Where class-transformer keeps what its decorators say; it offers no public way to it. */
export const { defaultMetadataStorage: transformerStorage } = createRequire(import.meta.url)(
  'class-transformer/cjs/storage.js',
) as { readonly defaultMetadataStorage: TransformerStorage };

/** Whether class-transformer takes all fields of a class, and under their own names. */
export function takesFieldsAsNamed(dto: Target): boolean {
  return (
    transformerStorage.getStrategy(dto) === 'none' &&
    transformerStorage.getExposedMetadatas(dto).length === 0 &&
    transformerStorage.getExcludedMetadatas(dto).length === 0
  );
}

/** The class of the objects in a field; null where none is named, or not the same one each time. */
export function typeOf(dto: Target, property: string): Target | null {
  const metadata = transformerStorage.findTypeMetadata(dto, property);
  if (!metadata || transformsOf(dto, property).length > 0) return null;
  const { reflectedType, typeFunction, options } = metadata;
  if (typeFunction.length > 0 || Object.keys(options).length > 0) return null;
  const type = typeFunction();
  return [undefined, Object, Array, type].includes(reflectedType as Target) ? type : null;
}

/** What becomes of the value of a field, or `UNSURE`. */
export type Transform = (value: unknown, body: object) => unknown;

/**
 * What class-transformer makes of a field that holds no objects of a class.
 * @returns null if it holds some, or if that depends on more than the body.
 */
export function transformOf(dto: Target, property: string): Transform | null {
  const isTyped = transformerStorage.findTypeMetadata(dto, property) !== undefined;
  const steps = transformsOf(dto, property);
  if (steps.some(({ options }) => Object.keys(options).length > 0)) return null;
  if (steps.length === 0) return isTyped ? null : copied;
  return (raw, obj) => {
    // A step that hands on `obj[key]`, as it came, does not see that this is not what it was made into.
    let value = isTyped ? UNSURE : copied(raw);
    for (const { transformFn } of steps) {
      value = transformFn({
        value,
        key: property,
        obj,
        type: TransformationType.PLAIN_TO_CLASS,
        options: {},
      });
    }
    return value;
  };
}

function transformsOf(dto: Target, property: string): readonly TransformMetadata[] {
  return transformerStorage.findTransformMetadatas(dto, property, TransformationType.PLAIN_TO_CLASS);
}

/**
 * class-transformer rebuilds objects, and leaves out fields named `constructor`, `toString` and the like. What
 * becomes of them is not worth knowing here.
 */
function copied(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Array.isArray(value) && !value.some((item) => typeof item === 'object' && item !== null)
    ? value
    : UNSURE;
}
