import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsDefined, IsIn, ValidateNested } from 'class-validator';
import { IsWhole, OfTypes } from '../platform/http/fields.js';
import { invalid } from '../platform/http/validation.js';
import { WindowDto, windowOf } from '../platform/http/window.dto.js';
import type { MeasureName, RequirementWindow } from './domain/ladder.js';
import type { PublishedMeasure, PublishedRequirement } from './domain/published-rules.js';

/** Parts that one requirement may have. */
const MAX_PARTS = 5;
const MEASURES = ['spend', 'points', 'purchases', 'visits', 'status'] as const;
const TYPES = ['measure', 'all', 'any', 'atLeast'] as const;
const WINDOWS = ['calendar', 'rolling', 'membershipYear', 'sinceTier', 'lifetime', 'validity'] as const;
const MAX_VALUE = 1_000_000_000_000_000;

/** Over which days a requirement counts; `validity`, of what is to be kept: the days of the validity that ends. */
export class RequirementWindowDto extends WindowDto {
  @ApiProperty({ enum: WINDOWS })
  @IsIn(WINDOWS)
  declare type: Exclude<(typeof WINDOWS)[number], 'validity'>;
}

/** A measure over a window. */
export class MeasureRequirementDto {
  /** `spend` in minor units less returns, purchase `points`, `purchases`, `visits`: days with a purchase, `status` points. */
  @ApiProperty({ enum: MEASURES })
  @IsIn(MEASURES)
  measure!: MeasureName;

  @IsDefined()
  @ValidateNested()
  @Type(() => RequirementWindowDto)
  window!: RequirementWindowDto;

  @IsWhole(1, MAX_VALUE)
  value!: number;
}

/** What is to be reached, or to be kept: one measure over a window, or `all`, `any`, or `atLeast` so many of several. */
export class RequirementDto {
  @ApiProperty({ enum: TYPES })
  @IsIn(TYPES)
  type!: (typeof TYPES)[number];

  /** With `measure`. */
  @ApiProperty({ enum: MEASURES, required: false })
  @OfTypes({ needed: ['measure'] })
  @IsIn(MEASURES)
  measure?: MeasureName;

  /** With `measure`. */
  @OfTypes({ needed: ['measure'] })
  @ValidateNested()
  @Type(() => RequirementWindowDto)
  window?: RequirementWindowDto;

  /** With `measure`: what it must come to. */
  @OfTypes({ needed: ['measure'] })
  @IsWhole(1, MAX_VALUE)
  value?: number;

  /** With `all`, `any` and `atLeast`. */
  @OfTypes({ needed: ['all', 'any', 'atLeast'] })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_PARTS)
  @ValidateNested({ each: true })
  @Type(() => MeasureRequirementDto)
  of?: MeasureRequirementDto[];

  /** With `atLeast`: how many of them. */
  @OfTypes({ needed: ['atLeast'] })
  @IsWhole(1, MAX_PARTS)
  count?: number;
}

/**
 * A requirement as it is published.
 * @param keeps whether it is to be kept, which may count over the validity.
 * @throws ProblemException VALIDATION_FAILED for a window that does not fit, and for more parts than there are.
 */
export function requirementOf(body: RequirementDto, pointer: string, keeps: boolean): PublishedRequirement {
  const { type, measure, window, value, of = [], count = 0 } = body;
  if (type === 'measure')
    return { type, ...measureOf({ measure, window, value } as MeasureRequirementDto, pointer, keeps) };
  const parts = of.map((part, index) => measureOf(part, `${pointer}/of/${index}`, keeps));
  if (type !== 'atLeast') return { type, of: parts };
  if (count > parts.length) {
    const detail = `At least ${count} of ${parts.length} cannot be met.`;
    throw invalid([{ pointer: `${pointer}/count`, code: 'CANNOT_BE_MET', detail }]);
  }
  return { type, count, of: parts };
}

function measureOf(
  { measure, window, value }: MeasureRequirementDto,
  pointer: string,
  keeps: boolean,
): PublishedMeasure {
  return { measure, window: requirementWindowOf(window, `${pointer}/window`, keeps), value };
}

function requirementWindowOf(
  window: RequirementWindowDto,
  pointer: string,
  keeps: boolean,
): RequirementWindow {
  if ((window.type as string) !== 'validity') return windowOf(window, pointer);
  if (keeps) return { type: 'validity' };
  const detail = 'What is to be reached has no validity that ends: it is a window of what is to be kept.';
  throw invalid([{ pointer: `${pointer}/type`, code: 'NO_VALIDITY', detail }]);
}
