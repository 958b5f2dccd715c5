import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  MaxLength,
  MinLength,
  ValidateBy,
  ValidateNested,
} from 'class-validator';
import { compareDecimals, isDecimal, parseDecimal } from '../kernel/decimal.js';
import { AsItCame, IsWhole, OfTypes } from '../platform/http/fields.js';
import { invalid } from '../platform/http/validation.js';
import type { RuleAmount } from './domain/rule-amount.js';

const MAX_RULE_POINTS = 1_000_000;
const MAX_STEP_MINOR = 1_000_000_000;
/** Tiers that one table may name. */
const MAX_NAMED_TIERS = 50;
/** Bands of one rule. */
export const MAX_BANDS = 50;
/** Rules that one multiplier may name. */
export const MAX_BASES = 20;

/** Whether a text is a decimal factor up to 1000. */
export function isFactor(factor: unknown): boolean {
  return typeof factor === 'string' && isDecimal(factor) && Number(factor) <= 1000;
}

function isRulePoints(points: unknown): boolean {
  return Number.isSafeInteger(points) && (points as number) >= 0 && (points as number) <= MAX_RULE_POINTS;
}

/** Something for each of at most 50 tiers. */
function IsByTier(
  name: 'isTierMultipliers' | 'isTierPoints',
  isValue: (value: unknown) => boolean,
  what: string,
): PropertyDecorator {
  return ValidateBy({
    name,
    validator: {
      validate: (value: unknown) =>
        value !== null &&
        typeof value === 'object' &&
        Object.keys(value).length <= MAX_NAMED_TIERS &&
        Object.values(value).every(isValue),
      defaultMessage: () => `$property must name ${what}`,
    },
  });
}

/** A decimal string for which a test holds. */
function IsDecimalThat(holds: (text: string) => boolean, what: string): PropertyDecorator {
  return ValidateBy({
    name: 'isDecimalThat',
    validator: {
      validate: (value) => typeof value === 'string' && isDecimal(value) && holds(value),
      defaultMessage: () => `$property must be a decimal string ${what}`,
    },
  });
}

const isAboveZero = (text: string): boolean => parseDecimal(text).numerator > 0n;

const AMOUNTS = [
  'perSpend',
  'perUnit',
  'basketBonus',
  'fixed',
  'tierTable',
  'bands',
  'marginShare',
  'multiplierOnBase',
] as const satisfies readonly RuleAmount['type'][];

export class BandDto {
  /** Minor units from which on the band holds. */
  @IsWhole(0, MAX_STEP_MINOR)
  fromMinor!: number;

  @IsWhole(0, MAX_RULE_POINTS)
  points!: number;
}

export class RuleAmountDto {
  /**
   * `perSpend`: points for each step of money of the matching lines; `perUnit`: for each quantity; `basketBonus`: points
   * once from a minimum on; `fixed`: points once; `tierTable`: points once by tier; `bands`: the points of the highest
   * band of money reached; `marginShare`: a share of a margin that lines carry as an attribute; `multiplierOnBase`:
   * `base x (factor - 1)` of the points of other rules.
   */
  @ApiProperty({ enum: AMOUNTS })
  @IsIn(AMOUNTS)
  type!: (typeof AMOUNTS)[number];

  /** With `perSpend`, `perUnit`, `basketBonus` and `fixed`. */
  @OfTypes({ needed: ['perSpend', 'perUnit', 'basketBonus', 'fixed'] })
  @IsWhole(1, MAX_RULE_POINTS)
  points?: number;

  /** With `perSpend`: minor units of a step. */
  @OfTypes({ needed: ['perSpend'] })
  @IsWhole(1, MAX_STEP_MINOR)
  stepMinor?: number;

  /** With `perUnit`: pieces, kilograms, litres of a step, as a decimal string above 0. Default "1". */
  @ApiPropertyOptional({ example: '1' })
  @OfTypes({ allowed: ['perUnit'] })
  @IsDecimalThat(isAboveZero, 'above 0, such as "0.5"')
  perQuantity?: string;

  /** With `perSpend` and `perUnit`: whether a part of a step counts. Default `whole`: it does not. */
  @ApiPropertyOptional({ enum: ['whole', 'exact'] })
  @OfTypes({ allowed: ['perSpend', 'perUnit'] })
  @IsIn(['whole', 'exact'])
  steps?: 'whole' | 'exact';

  /** With `perSpend`, `perUnit` and `marginShare`: factor by tier key; a tier that is not named has factor 1. */
  @ApiPropertyOptional({ type: 'object', additionalProperties: { type: 'string' }, example: { gold: '1.5' } })
  @IsOptional()
  @AsItCame()
  @IsObject()
  @IsByTier('isTierMultipliers', isFactor, 'decimal factors up to 1000 by tier, such as {"gold": "1.5"}')
  tierMultipliers?: Record<string, string>;

  /** With `basketBonus`: minor units the matching lines must reach. */
  @OfTypes({ needed: ['basketBonus'] })
  @IsWhole(0, MAX_STEP_MINOR)
  minimumMinor?: number;

  /** With `tierTable`: points by tier key. */
  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'integer', minimum: 0, maximum: MAX_RULE_POINTS },
    example: { gold: 100 },
  })
  @OfTypes({ needed: ['tierTable'] })
  @AsItCame()
  @IsObject()
  @IsByTier('isTierPoints', isRulePoints, 'whole points up to 1000000 by tier, such as {"gold": 100}')
  byTier?: Record<string, number>;

  /** With `tierTable`: points for a tier that is not named. Default 0. */
  @OfTypes({ allowed: ['tierTable'] })
  @IsWhole(0, MAX_RULE_POINTS)
  otherwise?: number;

  /** With `bands`: from low to high. */
  @ApiPropertyOptional({ type: [BandDto] })
  @OfTypes({ needed: ['bands'] })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_BANDS)
  @ValidateNested({ each: true })
  @Type(() => BandDto)
  bands?: BandDto[];

  /** With `marginShare`: the attribute of a line that says its margin, in whole minor units. */
  @OfTypes({ needed: ['marginShare'] })
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  attribute?: string;

  /** With `marginShare`: which share of the margin, as a decimal string above 0, at most "1". */
  @ApiPropertyOptional({ example: '0.1' })
  @OfTypes({ needed: ['marginShare'] })
  @IsDecimalThat((text) => isAboveZero(text) && compareDecimals(text, '1') <= 0, 'above 0, at most "1"')
  share?: string;

  /** With `marginShare`: minor units of that share for a point. */
  @OfTypes({ needed: ['marginShare'] })
  @IsWhole(1, MAX_STEP_MINOR)
  minorPerPoint?: number;

  /** With `multiplierOnBase`: the multiple of the base that members get in all, above "1", at most "1000". */
  @ApiPropertyOptional({ example: '2' })
  @OfTypes({ needed: ['multiplierOnBase'] })
  @IsDecimalThat(
    (text) => isFactor(text) && compareDecimals(text, '1') > 0,
    'above 1, at most 1000, such as "2"',
  )
  factor?: string;

  /** With `multiplierOnBase`: the rules whose points are the base. */
  @OfTypes({ needed: ['multiplierOnBase'] })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_BASES)
  @ArrayUnique()
  @IsString({ each: true })
  @MaxLength(100, { each: true })
  of?: string[];
}

/** @throws ProblemException VALIDATION_FAILED for bands that do not rise. */
export function ruleAmountOf(dto: RuleAmountDto, pointer: string): RuleAmount {
  const { type } = dto;
  const points = dto.points as number;
  const tierMultipliers = dto.tierMultipliers ?? {};
  const steps = dto.steps === 'exact' ? { steps: dto.steps } : {};
  switch (type) {
    case 'perSpend':
      return { type, points, stepMinor: dto.stepMinor as number, ...steps, tierMultipliers };
    case 'perUnit':
      return { type, points, perQuantity: dto.perQuantity ?? '1', ...steps, tierMultipliers };
    case 'basketBonus':
      return { type, points, minimumMinor: dto.minimumMinor as number };
    case 'fixed':
      return { type, points };
    case 'tierTable':
      return { type, byTier: dto.byTier as Record<string, number>, otherwise: dto.otherwise ?? 0 };
    case 'bands':
      return { type, bands: rising(dto.bands as BandDto[], `${pointer}/bands`) };
    case 'marginShare': {
      const { attribute, share, minorPerPoint } = dto as Required<RuleAmountDto>;
      return { type, attribute, share, minorPerPoint, tierMultipliers };
    }
    case 'multiplierOnBase':
      return { type, factor: dto.factor as string, of: dto.of as string[] };
  }
}

function rising(bands: readonly BandDto[], pointer: string): readonly BandDto[] {
  const faults = bands.flatMap(({ fromMinor }, index) => {
    const before = bands[index - 1];
    if (!before || before.fromMinor < fromMinor) return [];
    const detail = `The band must begin above the one before it, which begins at ${before.fromMinor}.`;
    return [{ pointer: `${pointer}/${index}/fromMinor`, code: 'BANDS_OUT_OF_ORDER', detail }];
  });
  if (faults.length > 0) throw invalid(faults);
  return bands.map(({ fromMinor, points }) => ({ fromMinor, points }));
}
