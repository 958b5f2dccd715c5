import { Exclude, Expose, Transform, Type } from 'class-transformer';
import {
  ArrayUnique,
  IsDefined,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  registerDecorator,
  ValidateBy,
  ValidateIf,
  ValidateNested,
  type ValidationOptions,
} from 'class-validator';
import { UNSURE } from './compiled-transforms.js';
import { isCompiled, validateCompiled } from './compiled-validation.js';
import { IsAttributes, IsFlag, IsWhole, OfTypes } from './fields.js';
import { fullyValidated } from './validation.js';

class PartDto {
  @IsWhole(1, 10)
  number!: number;
}

class ThingDto {
  @IsString()
  @Length(1, 5)
  name!: string;

  @IsOptional()
  @Length(2, 3)
  code?: string | null;

  @IsOptional()
  @Matches(/^b+$/g)
  sound?: string;

  @IsOptional()
  @ValidateNested()
  @Type(() => PartDto)
  main?: PartDto;

  @ArrayUnique((part: PartDto) => part.number)
  @ValidateNested({ each: true })
  @Type(() => PartDto)
  parts!: PartDto[];

  @IsOptional()
  @IsAttributes()
  attributes?: object;

  @IsFlag()
  flag?: boolean;

  @IsOptional()
  @IsObject()
  anything?: object;
}

/** With what is needed to be valid. */
const thing = (fields: object): object => ({ name: 'pen', parts: [], ...fields });

describe('a body that is valid for certain', () => {
  it.each([
    ['nothing more than it must have', thing({})],
    ['null where it may be', thing({ code: null, main: null, attributes: null })],
    ['objects in lists', thing({ parts: [{ number: 1 }, { number: 2 }] })],
    ['an object', thing({ main: { number: 10 } })],
    ['a flag as a query has it', thing({ flag: 'true' })],
    ['a text of as many characters as it may have', thing({ name: '😀😀😀😀😀' })],
    ['one whose code units are more than its characters', thing({ code: '😀😀' })],
    ['a pattern that remembers where it was', thing({ sound: 'bbb' })],
    ['free-form attributes', thing({ attributes: { b: { constructor: 'x', c: [1, { d: null }] }, a: {} } })],
    ['minus nought', thing({ attributes: { a: -0 } })],
  ])('becomes what class-validator makes of it: %s', (_, body) => {
    const made = validateCompiled(ThingDto, body);
    expect(made).toBeInstanceOf(ThingDto);
    expect(made).toStrictEqual(fullyValidated(ThingDto, body));
    expect(JSON.stringify(made)).toBe(JSON.stringify(fullyValidated(ThingDto, body)));
    // A pattern with a memory answers in turns when it is used wrongly.
    expect(validateCompiled(ThingDto, body)).toStrictEqual(made);
  });

  it('keeps free-form attributes as they came, not a copy', () => {
    const attributes = { a: { b: 1 } };
    expect(validateCompiled(ThingDto, thing({ attributes }))).toHaveProperty('attributes', attributes);
  });

  it('may be empty where the class declares nothing', () => {
    class EmptyDto {}
    expect(validateCompiled(EmptyDto, {})).toBeInstanceOf(EmptyDto);
    expect(validateCompiled(EmptyDto, { a: 1 })).toBe(UNSURE);
  });
});

describe('a body that is not', () => {
  it.each([
    ['no object', 'pen'],
    ['null', null],
    ['a list', []],
    ['without a field that it must have', { name: 'pen' }],
    ['with null where a value must be', thing({ name: null })],
    ['with null where a list must be', thing({ parts: null })],
    ['with an object where a list belongs', thing({ parts: { number: 1 } })],
    ['with a list where an object belongs', thing({ main: [{ number: 1 }] })],
    ['with null in a list', thing({ parts: [null] })],
    ['with the same twice', thing({ parts: [{ number: 1 }, { number: 1 }] })],
    ['wrong in a part', thing({ main: { number: 11 } })],
    ['with a field nobody knows', thing({ colour: 'red' })],
    ['with such a field in a part', thing({ main: { number: 1, colour: 'red' } })],
    ['with one that is undefined', thing({ colour: undefined })],
    ['with one that every object has', thing({ toString: 1 })],
    ['with a prototype', JSON.parse('{"name":"pen","parts":[],"__proto__":{"code":"ab"}}')],
    ['with a text too long', thing({ name: '😀😀😀😀😀😀' })],
    ['with a text too short', thing({ code: '😀' })],
    ['with an object that class-transformer rebuilds', thing({ anything: { constructor: 1 } })],
    ['with a list that it rebuilds', thing({ anything: [{}] })],
  ])('is left to class-validator: %s', (_, body) => {
    expect(validateCompiled(ThingDto, body)).toBe(UNSURE);
  });
});

describe('a class', () => {
  const always = (options: ValidationOptions) =>
    ValidateBy({ name: 'always', validator: { validate: () => true } }, options);

  const later: PropertyDecorator = ({ constructor }, property) =>
    registerDecorator({
      target: constructor,
      propertyName: String(property),
      async: true,
      validator: { validate: () => true },
    });

  class HasCondition {
    @ValidateIf(() => true)
    @IsString()
    a?: string;
  }
  class HasTypes {
    @IsString()
    type!: string;

    @OfTypes({ allowed: ['x'] })
    @IsString()
    a?: string;
  }
  class HasOptionalCheck {
    @always({ validateIf: () => true })
    a?: string;
  }
  class HasAsyncCheck {
    @later
    a?: string;
  }
  class HasDefault {
    @IsString()
    a = 'x';
  }
  class HasFieldUnchecked {
    @IsOptional()
    @IsString()
    a?: string;

    b?: string;
  }
  class HasMethod {
    @IsOptional()
    toString!: () => string;
  }
  class HasUntypedPart {
    @IsDefined()
    @ValidateNested()
    a!: object;
  }
  class HasPartByObject {
    @ValidateNested()
    @Type((options) => (options?.object ? PartDto : ThingDto))
    a!: object;
  }
  class HasPartByName {
    @ValidateNested()
    @Type(() => PartDto, { discriminator: { property: 'type', subTypes: [{ name: 'x', value: PartDto }] } })
    a!: object;
  }
  class HasEmptyPart {
    @ValidateNested()
    @Type(() => Object)
    a!: object;
  }
  class HasConvertedField {
    @IsString()
    @Type(() => String)
    a!: string;
  }
  class HasHiddenField {
    @IsOptional()
    @IsString()
    @Exclude()
    a?: string;
  }
  class HasRenamedField {
    @IsString()
    @Expose({ name: 'b' })
    a!: string;
  }
  class HasTransformInGroups {
    @IsString()
    @Transform(({ value }: { value: unknown }) => value, { groups: ['x'] })
    a!: string;
  }
  class HoldsItself {
    @IsOptional()
    @ValidateNested()
    @Type(() => HoldsItself)
    a?: HoldsItself;
  }
  class HoldsAnother {
    @IsDefined()
    @ValidateNested()
    @Type(() => HasCondition)
    a!: HasCondition;
  }

  const unknown = [
    ...[HasCondition, HasTypes, HasOptionalCheck, HasAsyncCheck, HasDefault, HasFieldUnchecked, HasMethod],
    ...[HasUntypedPart, HasPartByObject, HasPartByName, HasEmptyPart, HasConvertedField, HasHiddenField],
    ...[HasRenamedField, HasTransformInGroups, HoldsItself, HoldsAnother],
  ];
  it.each(unknown.map((dto) => [dto.name, dto] as const))('is left to class-validator: %s', (_, dto) => {
    expect(isCompiled(dto)).toBe(false);
    expect(validateCompiled(dto, { a: 'x' })).toBe(UNSURE);
  });

  it('of which a check looks at other fields, too', () => {
    class Looks {
      @ValidateBy({
        name: 'looks',
        validator: { validate: (_, args) => (args?.object as { b?: unknown }).b === undefined },
      })
      a?: string;
    }
    expect(validateCompiled(Looks, { a: 'x' })).toBe(UNSURE);
    expect(fullyValidated(Looks, { a: 'x' })).toEqual({ a: 'x' });
  });

  it('is compiled with what it inherits', () => {
    class MoreDto extends PartDto {
      @IsString()
      more!: string;
    }
    expect(validateCompiled(MoreDto, { more: 'x', number: 1 })).toStrictEqual(
      Object.assign(new MoreDto(), { more: 'x', number: 1 }),
    );
    expect(validateCompiled(MoreDto, { more: 'x' })).toBe(UNSURE);
  });

  it('whose part must be there takes no null for it, even if nothing but the part is asked for', () => {
    class Holds {
      @ValidateNested()
      @Type(() => PartDto)
      a?: PartDto;
    }
    expect(validateCompiled(Holds, {})).toBeInstanceOf(Holds);
    expect(validateCompiled(Holds, { a: null })).toBe(UNSURE);
    expect(validateCompiled(Holds, { a: { number: 1 } })).toStrictEqual(
      fullyValidated(Holds, { a: { number: 1 } }),
    );
  });
});
