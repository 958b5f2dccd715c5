import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsDefined,
  IsIn,
  IsOptional,
  ValidateNested,
} from 'class-validator';
import { compareDecimals } from '../kernel/decimal.js';
import type { FieldError } from '../kernel/problem.js';
import { AllDifferentBy, IsDecimalText, IsWhole, OfTypes } from '../platform/http/fields.js';
import { IsKeyText } from '../platform/http/key-text.js';
import { invalid } from '../platform/http/validation.js';
import { WordingDto } from '../platform/http/wording.dto.js';
import {
  ATTRIBUTE_TYPES,
  REPORTERS,
  type ActivityType,
  type AttributeSchema,
  type AttributeType,
  type Reporter,
} from './domain/activity-type.js';

/** Attributes that one type may have. */
export const MAX_TYPE_ATTRIBUTES = 30;
/** Values that one attribute may choose from. */
export const MAX_ATTRIBUTE_VALUES = 100;
/** Characters of a text attribute. */
export const MAX_ATTRIBUTE_LENGTH = 2_000;
const MAX_DAYS_BACK = 36_500;
/** How far ahead of ours a clock may be, as for receipts. */
const MAX_SECONDS_AHEAD = 300;

export class ActivityAttributeDto {
  @ApiProperty({ example: 'stars' })
  @IsKeyText(100)
  name!: string;

  /** Decimals are strings in quotes, so that they stay exact; days are YYYY-MM-DD. */
  @ApiProperty({ enum: ATTRIBUTE_TYPES })
  @IsIn(ATTRIBUTE_TYPES)
  type!: AttributeType;

  /** Default false. */
  @IsOptional()
  @IsBoolean()
  required?: boolean;

  /** With `text`: the most characters. */
  @OfTypes({ allowed: ['text'] })
  @IsWhole(1, MAX_ATTRIBUTE_LENGTH)
  maxLength?: number;

  /** With `whole` and `decimal`, inclusive. */
  @OfTypes({ allowed: ['whole', 'decimal'] })
  @IsDecimalText()
  minimum?: string;

  /** With `whole` and `decimal`, inclusive. */
  @OfTypes({ allowed: ['whole', 'decimal'] })
  @IsDecimalText()
  maximum?: string;

  /** With `oneOf`: what it may be. */
  @ApiPropertyOptional({ type: [String] })
  @OfTypes({ needed: ['oneOf'] })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_ATTRIBUTE_VALUES)
  @ArrayUnique()
  @IsKeyText(100, { each: true })
  values?: string[];
}

export class ActivityTypeDto {
  @IsDefined()
  @ValidateNested()
  @Type(() => WordingDto)
  names!: WordingDto;

  /** Attributes that are not listed are refused. Default: none. */
  @ApiPropertyOptional({ type: [ActivityAttributeDto] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_TYPE_ATTRIBUTES)
  @AllDifferentBy((attribute: ActivityAttributeDto) => attribute?.name, {
    message: 'each attribute needs a name of its own',
  })
  @ValidateNested({ each: true })
  @Type(() => ActivityAttributeDto)
  attributes?: ActivityAttributeDto[];

  /** Scopes of keys that may report it. Default: `activities`. */
  @ApiPropertyOptional({ enum: REPORTERS, isArray: true })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(REPORTERS, { each: true })
  reportedBy?: Reporter[];

  /** How many days before the day of the report it may be dated. Absent: any number; 0: today only. */
  @IsOptional()
  @IsWhole(0, MAX_DAYS_BACK)
  daysBack?: number;

  /** How many seconds ahead of the server's clock it may be dated. Default 300. */
  @IsOptional()
  @IsWhole(0, MAX_SECONDS_AHEAD)
  secondsAhead?: number;

  /** Whether it moves the end of points that slide, as a receipt does, even where it earns nothing. Default false. */
  @IsOptional()
  @IsBoolean()
  extendsExpiry?: boolean;

  /** A retired type takes no new activities. Default false. */
  @IsOptional()
  @IsBoolean()
  retired?: boolean;
}

/** The type as it is published. @throws ProblemException VALIDATION_FAILED for bounds that nothing can meet. */
export function activityTypeOf(dto: ActivityTypeDto): ActivityType {
  const attributes = (dto.attributes ?? []).map(attributeOf);
  const faults = attributes.flatMap(boundFaults);
  if (faults.length > 0) throw invalid(faults);
  return {
    names: { en: dto.names.en, 'zh-Hant': dto.names['zh-Hant'] },
    attributes,
    reportedBy: dto.reportedBy ?? ['activities'],
    daysBack: dto.daysBack ?? null,
    secondsAhead: dto.secondsAhead ?? MAX_SECONDS_AHEAD,
    extendsExpiry: dto.extendsExpiry ?? false,
    retired: dto.retired ?? false,
  };
}

function attributeOf(dto: ActivityAttributeDto): AttributeSchema {
  return {
    name: dto.name,
    type: dto.type,
    required: dto.required ?? false,
    maxLength: dto.maxLength ?? null,
    minimum: dto.minimum ?? null,
    maximum: dto.maximum ?? null,
    values: dto.values ?? null,
  };
}

function boundFaults({ type, minimum, maximum }: AttributeSchema, index: number): readonly FieldError[] {
  const pointer = `/attributes/${index}`;
  const broken = (['minimum', 'maximum'] as const).filter((field) => {
    const bound = field === 'minimum' ? minimum : maximum;
    return type === 'whole' && bound?.includes('.');
  });
  if (broken.length > 0) {
    const detail = 'The bounds of a whole number are whole numbers.';
    return broken.map((field) => ({ pointer: `${pointer}/${field}`, code: 'NOT_WHOLE', detail }));
  }
  if (minimum === null || maximum === null || compareDecimals(minimum, maximum) <= 0) return [];
  const detail = 'The minimum is above the maximum.';
  return [{ pointer: `${pointer}/maximum`, code: 'BOUNDS_UPSIDE_DOWN', detail }];
}
