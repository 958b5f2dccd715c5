import { Type } from 'class-transformer';
import { ArrayMinSize, IsArray, IsOptional, IsString, Length, ValidateNested } from 'class-validator';
import type { FieldError, Problem } from '../../kernel/problem.js';
import { parseJson } from './body-parser.js';
import {
  IsAttributes,
  IsDay,
  IsDecimalText,
  IsFlag,
  IsInstant,
  IsWhole,
  MAX_ATTRIBUTES_BYTES,
} from './fields.js';
import { ProblemException } from './problem.exception.js';
import { fullyValidated, validated } from './validation.js';

class ItemDto {
  @IsWhole(1, 10)
  number!: number;
}

class ThingDto {
  @IsString()
  @Length(1, 5)
  name!: string;

  @IsOptional()
  @ValidateNested()
  @Type(() => ItemDto)
  main?: ItemDto;

  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ValidateNested({ each: true })
  @Type(() => ItemDto)
  items?: ItemDto[];
}

class FieldsDto {
  @IsOptional()
  @IsInstant()
  at?: string;

  @IsOptional()
  @IsDay()
  day?: string;

  @IsOptional()
  @IsDecimalText()
  rate?: string;

  @IsOptional()
  @IsAttributes()
  attributes?: Record<string, unknown>;

  @IsFlag()
  flag?: boolean;
}

class EmptyDto {}

function problemOf(dto: new () => object, value: unknown): Problem {
  try {
    validated(dto, value);
  } catch (error) {
    if (error instanceof ProblemException) return error.problem;
    throw error;
  }
  throw new Error('accepted');
}

function faultsOf(dto: new () => object, value: unknown): [string, string][] {
  return (problemOf(dto, value).errors as readonly FieldError[]).map(({ pointer, code }) => [pointer, code]);
}

describe('a body that fits its class', () => {
  it('becomes an instance of it', () => {
    const thing = validated(ThingDto, { name: 'pen', items: [{ number: 1 }] });
    expect(thing).toBeInstanceOf(ThingDto);
    expect(thing.items?.[0]).toBeInstanceOf(ItemDto);
  });

  it('keeps what its attributes call constructor, which class-transformer takes for a class', () => {
    const attributes = { constructor: 'Kowalski & Sons', deep: { constructor: [] } };
    expect(validated(FieldsDto, { attributes }).attributes).toBe(attributes);
    expect(fullyValidated(FieldsDto, { attributes }).attributes).toBe(attributes);
  });

  it('may be empty where the class declares nothing', () => {
    expect(validated(EmptyDto, {})).toBeInstanceOf(EmptyDto);
  });
});

describe('a body that does not', () => {
  it.each([
    ['is a list', [], '', 'NOT_AN_OBJECT'],
    ['is a text', 'pen', '', 'NOT_AN_OBJECT'],
    ['is null', null, '', 'NOT_AN_OBJECT'],
    ['lacks a field', {}, '/name', 'IS_STRING'],
    ['has a field of another type', { name: 5 }, '/name', 'IS_STRING'],
    ['has a field nobody knows', { name: 'pen', colour: 'red' }, '/colour', 'UNKNOWN_FIELD'],
    [
      'has such a field deep inside',
      { name: 'pen', items: [{ number: 1, colour: 'red' }] },
      '/items/0/colour',
      'UNKNOWN_FIELD',
    ],
    [
      'is wrong in a part',
      { name: 'pen', items: [{ number: 1 }, { number: 11 }] },
      '/items/1/number',
      'IS_WHOLE',
    ],
    [
      'has a field nobody knows with a constructor in it',
      { name: 'pen', colour: { constructor: 'red' } },
      '/colour',
      'UNKNOWN_FIELD',
    ],
    ['has a field whose name needs escaping', { name: 'pen', 'a/b~c': 1 }, '/a~1b~0c', 'UNKNOWN_FIELD'],
  ])('%s: the answer points at it', (_, value, pointer, code) => {
    expect(faultsOf(ThingDto, value)).toContainEqual([pointer, code]);
  });

  it('is refused as a whole, with a sentence about the first fault', () => {
    expect(problemOf(ThingDto, { name: 'pencils' })).toMatchObject({
      code: 'VALIDATION_FAILED',
      status: 422,
      detail: '/name: name must be shorter than or equal to 5 characters.',
    });
  });

  it('names all faults, but not more than fifty', () => {
    const items = Array.from({ length: 80 }, () => ({ number: 0 }));
    expect(faultsOf(ThingDto, { name: 'pen', items })).toHaveLength(50);
  });

  it('is not empty where it must be', () => {
    expect(faultsOf(EmptyDto, { points: 5 })).toEqual([['/points', 'UNKNOWN_FIELD']]);
  });
});

describe('fields', () => {
  it.each([
    ['a whole number below the least', 0],
    ['above the most', 11],
    ['with a fraction', 1.5],
    ['as text', '5'],
    ['beyond 2^53', 2 ** 53],
    ['that is none', NaN],
  ])('refuse %s', (_, number) => {
    expect(faultsOf(ThingDto, { name: 'pen', items: [{ number }] })).toEqual([
      ['/items/0/number', 'IS_WHOLE'],
    ]);
  });

  it.each([
    { at: '2026-03-10T12:00:00Z' },
    { at: '1970-01-01T00:00:00Z' },
    { at: '2199-12-31T23:59:59.999Z' },
    { day: '2026-03-10' },
    { rate: '0.95' },
    { attributes: { any: { thing: [1] } } },
    { at: undefined, day: undefined },
  ])('take %j', (value) => {
    expect(validated(FieldsDto, value)).toMatchObject(value);
  });

  it.each([
    [{ at: '2026-03-10T12:00:00' }, 'IS_INSTANT'],
    [{ at: '1969-12-31T23:59:59Z' }, 'IS_INSTANT'],
    [{ at: '2200-01-01T00:00:00Z' }, 'IS_INSTANT'],
    [{ at: 1_773_144_000_000 }, 'IS_INSTANT'],
    [{ day: '2026-02-30' }, 'IS_DAY'],
    [{ rate: 0.95 }, 'IS_DECIMAL'],
    [{ rate: '-1' }, 'IS_DECIMAL'],
    [{ attributes: [] }, 'IS_ATTRIBUTES'],
    [{ attributes: 'x' }, 'IS_ATTRIBUTES'],
    [{ attributes: { x: 'y'.repeat(MAX_ATTRIBUTES_BYTES) } }, 'IS_ATTRIBUTES'],
    [{ flag: 'yes' }, 'IS_FLAG'],
    [{ flag: '' }, 'IS_FLAG'],
  ])('refuse %j', (value, code) => {
    expect(faultsOf(FieldsDto, value).map(([, fault]) => fault)).toEqual([code]);
  });

  it.each([
    ['true', true],
    ['false', false],
  ])('read the flag %j of a query', (text, flag) => {
    expect(validated(FieldsDto, { flag: text }).flag).toBe(flag);
  });

  it('keep free-form attributes as they came', () => {
    const attributes = { b: { c: [1, { d: null }] }, a: 'x' };
    expect(JSON.stringify(validated(FieldsDto, { attributes }).attributes)).toBe(JSON.stringify(attributes));
  });
});

describe('a list where an object belongs', () => {
  it.each([
    ['a list of nothing', { main: [] }, '/main'],
    ['a list of what fits', { main: [{ number: 1 }] }, '/main'],
    ['a list in a list', { items: [[{ number: 1 }]] }, '/items/0'],
    ['a list of nothing in a list', { items: [[]] }, '/items/0'],
  ])('is refused: %s', (_, part, pointer) => {
    expect(() => validated(ThingDto, { name: 'pen', ...part })).toThrow(ProblemException);
    expect(faultsOf(ThingDto, { name: 'pen', ...part }).map(([where]) => where)).toContain(pointer);
  });
});

describe('what is no object, in a list of objects', () => {
  it.each([null, 1, 'x'])('is refused at its place, in a sentence: %j', (odd) => {
    let errors: unknown;
    try {
      validated(ThingDto, { name: 'pen', items: [{ number: 1 }, odd] });
    } catch (error) {
      errors = (error as ProblemException).problem.errors;
    }
    expect(errors).toEqual([
      {
        pointer: '/items/1',
        code: expect.any(String),
        detail: 'Each element of the list must be an object.',
      },
    ]);
  });
});

describe('a body nested beyond all reason', () => {
  /** What went wrong other than a refusal. */
  const crashOf = (text: string): unknown => {
    try {
      validated(FieldsDto, parseJson(text));
    } catch (error) {
      if (!(error instanceof ProblemException)) return error;
    }
    return null;
  };

  // At 4000 it has no more bytes than attributes may have.
  it.each([1000, 4000, 50_000])('%i levels deep is taken or refused, never a crash', (depth) => {
    expect(crashOf(`{"attributes":{"a":${'['.repeat(depth)}${']'.repeat(depth)}}}`)).toBeNull();
  });
});
