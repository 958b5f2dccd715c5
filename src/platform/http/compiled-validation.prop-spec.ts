import type { ClassConstructor } from 'class-transformer';
import { getMetadataStorage, ValidationTypes } from 'class-validator';
import fc from 'fast-check';
import '../../composition.js';
import { ChangeMemberDto } from '../../members/member.dto.js';
import { PostPurchaseDto } from '../../purchases/purchase.dto.js';
import { FindReturnDto, PostReturnDto } from '../../purchases/return.dto.js';
import { CaptureDto, RedeemDto, ReverseDto, VoidDto } from '../../redemptions/redemption.dto.js';
import type { Constraint } from './compiled-checks.js';
import { transformerStorage, UNSURE } from './compiled-transforms.js';
import { isCompiled, validateCompiled } from './compiled-validation.js';
import { ProblemException } from './problem.exception.js';
import { fullyValidated } from './validation.js';

type Target = ClassConstructor<object>;

/** Those of the busiest routes. */
const HOT: readonly Target[] = [
  ...[PostPurchaseDto, PostReturnDto, FindReturnDto],
  ...[RedeemDto, CaptureDto, VoidDto, ReverseDto],
];
/** Every class that was loaded: those of all modules, since the composition is made of them. */
const CLASSES = [
  ...(
    getMetadataStorage() as unknown as { validationMetadatas: ReadonlyMap<Target, unknown> }
  ).validationMetadatas.keys(),
  ChangeMemberDto,
  VoidDto,
];
const COMPILED = CLASSES.filter(isCompiled);

/** Values that stand where something else belongs. */
const ODD: readonly unknown[] = [
  ...[null, true, false, 0, -0, -1, 1, 1.5, 1e21, 2 ** 53, Number.MAX_SAFE_INTEGER, Number.MIN_VALUE],
  ...[
    '',
    ' ',
    'x',
    '1',
    'true',
    'null',
    'constructor',
    '__proto__',
    'é漢字😀',
    '\ud83d',
    '\ufe0f\ufe0f',
    'a\nb',
  ],
  ...[
    '2026-02-30T00:00:00Z',
    '2199-12-31T23:59:60Z',
    '0.',
    '1e3',
    '007',
    'a'.repeat(10_000),
    '😀'.repeat(150),
  ],
  ...[[], [null], [[]], [{}], [1, 1], {}, { a: 1 }, { lineNo: 1 }, { type: 'x', value: 'y' }, { length: 2 }],
  ...[{ constructor: 1 }, { toString: 1 }, { then: 1 }, { a: { constructor: 'x' } }, { a: 'y'.repeat(8192) }],
  JSON.parse('{"__proto__":{"lineNo":1}}'),
  { a: Array.from({ length: 2000 }, () => 1) },
];
const NAMES = ['', 'a', 'constructor', '__proto__', 'toString', 'hasOwnProperty', 'length', 'lineNo', 'type'];

/** Texts of every field decorator, right ones and some that are almost right. */
const TEXTS = fc.constantFrom(
  ...['2026-11-20T10:15:00.5+08:00', '1969-12-31T23:59:59Z', '2026-03-10', '2026-02', '12-31', '0.95', '1'],
  ...[
    'TWD',
    'Asia/Taipei',
    'delivered',
    'none',
    'true',
    'false',
    'rdm_01h455vb4pex5vsknk084sn02q',
    'json',
    '7',
  ],
);

/** Values that a constraint lets pass, and some next to them. */
function valueFor({ name, constraints }: Constraint): fc.Arbitrary<unknown> | null {
  const [first, second] = (constraints ?? []) as unknown[];
  switch (name) {
    case 'isWhole':
      return fc.oneof(
        fc.integer({ min: first as number, max: second as number }),
        fc.constantFrom(first, second, (first as number) - 1, (second as number) + 1),
      );
    case 'isLength':
      return fc.oneof(
        fc.string({ unit: fc.constantFrom('a', '\n', 'é', '😀', '\ufe0f', '\ud83d'), maxLength: 50 }),
        fc
          .tuple(
            fc.constantFrom('a', '😀', '1\ufe0f'),
            fc.constantFrom(second as number, (second as number) + 1),
          )
          .map(([character, times]) => character.repeat(times)),
      );
    case 'matches':
      return fc.oneof(fc.stringMatching(first as RegExp), fc.constantFrom('a\u2028b', 'a\n', ' TWD'));
    case 'isIn':
      return fc.constantFrom(...(first as unknown[]));
    case 'isBoolean':
      return fc.boolean();
    case 'isAttributes':
      return fc.dictionary(fc.constantFrom(...NAMES, 'b'), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 });
    default:
      return null;
  }
}

const arbitraries = new Map<Target, fc.Arbitrary<object>>();

/** Bodies of a class, most of them valid. */
function bodyOf(dto: Target): fc.Arbitrary<object> {
  const known = arbitraries.get(dto);
  if (known) return known;
  const constraints = getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false);
  const names = [...new Set(constraints.map(({ propertyName }) => propertyName))];
  const required = names.filter(
    (name) =>
      !constraints.some(
        ({ propertyName, type }) => propertyName === name && type === ValidationTypes.CONDITIONAL_VALIDATION,
      ),
  );
  const fields = names.map((name) => [
    name,
    fieldOf(
      dto,
      name,
      constraints.filter(({ propertyName }) => propertyName === name),
    ),
  ]);
  const made = fc.record(Object.fromEntries(fields) as Record<string, fc.Arbitrary<unknown>>, {
    requiredKeys: required,
  });
  arbitraries.set(dto, made);
  return made;
}

function fieldOf(dto: Target, name: string, constraints: readonly Constraint[]): fc.Arbitrary<unknown> {
  const nested = constraints.some(({ type }) => type === ValidationTypes.NESTED_VALIDATION);
  const type = transformerStorage.findTypeMetadata(dto, name)?.typeFunction();
  const known = constraints.map(valueFor).filter((arbitrary) => arbitrary !== null);
  const item = nested && type ? bodyOf(type) : known.length > 0 ? fc.oneof(...known) : TEXTS;
  const isList = constraints.some((constraint) => constraint.name === 'isArray' || constraint.each);
  return isList ? fc.array(item, { maxLength: 3 }) : item;
}

interface Change {
  readonly place: number;
  readonly what: 'replace' | 'remove' | 'add' | 'repeat';
  readonly odd: unknown;
  readonly name: string;
}

const CHANGE: fc.Arbitrary<Change> = fc.record({
  place: fc.nat({ max: 60 }),
  what: fc.constantFrom('replace', 'replace', 'replace', 'remove', 'add', 'repeat'),
  odd: fc.constantFrom(...ODD),
  name: fc.constantFrom(...NAMES),
});

/** Every place in a value: the object or list that holds it, and the key. */
function placesOf(value: unknown): [holder: Record<string, unknown>, key: string][] {
  if (value === null || typeof value !== 'object') return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => [
    [holder, key] as [typeof holder, string],
    ...placesOf(holder[key]),
  ]);
}

function changed(body: object, changes: readonly Change[]): unknown {
  const root: Record<string, unknown> = { body: structuredClone(body) };
  for (const { place, what, odd, name } of changes) {
    const places = placesOf(root);
    const [holder, key] = places[place % Math.max(places.length, 1)] ?? [root, 'body'];
    const value = holder[key];
    if (what === 'replace' || holder === root) holder[key] = structuredClone(odd);
    else if (what === 'remove' && !Array.isArray(holder)) delete holder[key];
    else if (Array.isArray(value) && what === 'repeat') value.push(...structuredClone(value));
    else if (value !== null && typeof value === 'object' && !Array.isArray(value)) define(value, name, odd);
  }
  return root['body'];
}

/** As JSON.parse does, for which `__proto__` is a name like any other. */
function define(object: object, name: string, value: unknown): void {
  Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true });
}

/** What class-validator says, `UNSURE` for a refusal. */
function fully(dto: Target, value: unknown): unknown {
  try {
    return fullyValidated(dto, value);
  } catch (error) {
    if (error instanceof ProblemException) return UNSURE;
    throw error;
  }
}

/** Strictly equal, fields in the same order. */
function expectSame(made: unknown, expected: unknown): void {
  expect(made).toStrictEqual(expected);
  expect(JSON.stringify(made)).toBe(JSON.stringify(expected));
}

const RUNS = { numRuns: 2500 };
const SAMPLE = fc
  .constantFrom(...COMPILED, ...HOT, ...HOT)
  .chain((dto) => fc.record({ dto: fc.constant(dto), body: bodyOf(dto) }));

describe('the compiled check', () => {
  it('exists for every class of a busy route', () => {
    expect(HOT.filter((dto) => !isCompiled(dto))).toEqual([]);
  });

  it('takes what class-validator takes, and makes the same of it', () => {
    let taken = 0;
    fc.assert(
      fc.property(SAMPLE, ({ dto, body }) => {
        const expected = fully(dto, body);
        expectSame(validateCompiled(dto, body), expected);
        if (expected !== UNSURE) taken += 1;
      }),
      RUNS,
    );
    expect(taken).toBeGreaterThan(RUNS.numRuns / 4);
  });

  it('takes nothing odd that class-validator refuses or changes', () => {
    fc.assert(
      fc.property(SAMPLE, fc.array(CHANGE, { minLength: 1, maxLength: 3 }), ({ dto, body }, changes) => {
        const value = changed(body, changes);
        const made = validateCompiled(dto, value);
        if (made !== UNSURE) expectSame(made, fully(dto, value));
      }),
      RUNS,
    );
  });
});
