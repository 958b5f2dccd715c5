import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsDefined,
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  Length,
  ValidateBy,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { isDecimal } from '../kernel/decimal.js';
import { formatInstant } from '../kernel/time.js';
import { ExpiryPolicyDto, expiryPolicyOf } from '../platform/http/expiry-policy.dto.js';
import { IsInstant, IsWhole } from '../platform/http/fields.js';
import { instantOf } from '../platform/http/pagination.js';
import type { EarningRule } from './domain/earning-rule.js';

/** Categories one filter may list. */
export const MAX_CATEGORIES = 500;
const MAX_RULE_POINTS = 1_000_000;
const MAX_STEP_MINOR = 1_000_000_000;

function isFactor(factor: unknown): boolean {
  return typeof factor === 'string' && isDecimal(factor) && Number(factor) <= 1000;
}

/** Decimal factors up to 1000 by tier key. */
function IsTierMultipliers(): PropertyDecorator {
  return ValidateBy({
    name: 'isTierMultipliers',
    validator: {
      validate: (value: unknown) =>
        value !== null &&
        typeof value === 'object' &&
        Object.keys(value).length <= 50 &&
        Object.values(value).every(isFactor),
      defaultMessage: () => '$property must name decimal factors up to 1000 by tier, such as {"gold": "1.5"}',
    },
  });
}

export class RuleAmountDto {
  /** `perSpend`: points for each full step of the matching lines; `basketBonus`: points once from a minimum on. */
  @ApiProperty({ enum: ['perSpend', 'basketBonus'] })
  @IsIn(['perSpend', 'basketBonus'])
  type!: 'perSpend' | 'basketBonus';

  @IsWhole(1, MAX_RULE_POINTS)
  points!: number;

  /** With `perSpend`: minor units of a step. */
  @ValidateIf(({ type, stepMinor }: RuleAmountDto) => type === 'perSpend' || stepMinor !== undefined)
  @IsWhole(1, MAX_STEP_MINOR)
  stepMinor?: number;

  /** With `perSpend`: factor by tier key; a tier that is not named has factor 1. */
  @ApiPropertyOptional({ type: 'object', additionalProperties: { type: 'string' }, example: { gold: '1.5' } })
  @IsOptional()
  @Transform(({ obj }: { obj: { tierMultipliers?: unknown } }) => obj.tierMultipliers)
  @IsObject()
  @IsTierMultipliers()
  tierMultipliers?: Record<string, string>;

  /** With `basketBonus`: minor units the matching lines must reach. */
  @ValidateIf(({ type, minimumMinor }: RuleAmountDto) => type === 'basketBonus' || minimumMinor !== undefined)
  @IsWhole(0, MAX_STEP_MINOR)
  minimumMinor?: number;
}

export class LineFilterDto {
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_CATEGORIES)
  @IsString({ each: true })
  @Length(1, 100, { each: true })
  includeCategories?: string[];

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_CATEGORIES)
  @IsString({ each: true })
  @Length(1, 100, { each: true })
  excludeCategories?: string[];
}

export class EarningRuleDto {
  @IsString()
  @Length(1, 200)
  name!: string;

  @IsOptional()
  @IsBoolean()
  active?: boolean;

  /** `purchase` points carry deferred revenue, `non_purchase` points none. */
  @IsOptional()
  @IsIn(['purchase', 'non_purchase'])
  origin?: 'purchase' | 'non_purchase';

  /** `gross` counts what the customer paid, `net` without the tax in it. */
  @IsOptional()
  @IsIn(['gross', 'net'])
  basis?: 'gross' | 'net';

  @IsDefined()
  @ValidateNested()
  @Type(() => RuleAmountDto)
  amount!: RuleAmountDto;

  @IsOptional()
  @ValidateNested()
  @Type(() => LineFilterDto)
  lines?: LineFilterDto;

  @IsOptional()
  @ValidateNested()
  @Type(() => ExpiryPolicyDto)
  expiry?: ExpiryPolicyDto;

  /** Exclusive. */
  @IsOptional()
  @IsInstant()
  endsAt?: string;
}

/** The rule as it is published. */
export function earningRuleOf(dto: EarningRuleDto): EarningRule {
  const { amount } = dto;
  const endsAt = instantOf(dto.endsAt);
  return {
    name: dto.name,
    active: dto.active ?? true,
    origin: dto.origin ?? 'purchase',
    basis: dto.basis ?? 'gross',
    amount:
      amount.type === 'perSpend'
        ? {
            type: 'perSpend',
            points: amount.points,
            stepMinor: amount.stepMinor as number,
            tierMultipliers: amount.tierMultipliers ?? {},
          }
        : { type: 'basketBonus', points: amount.points, minimumMinor: amount.minimumMinor as number },
    lines: {
      includeCategories: dto.lines?.includeCategories ?? [],
      excludeCategories: dto.lines?.excludeCategories ?? [],
    },
    expiry: dto.expiry ? expiryPolicyOf(dto.expiry) : null,
    endsAt: endsAt === null ? null : formatInstant(endsAt),
  };
}
