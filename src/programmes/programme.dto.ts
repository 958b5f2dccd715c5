import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsDefined, IsOptional, IsString, Length, ValidateBy, ValidateNested } from 'class-validator';
import { isCurrency } from '../kernel/money.js';
import { isTimeZone } from '../kernel/time.js';
import { ExpiryPolicyDto, expiryPolicyOf } from '../platform/http/expiry-policy.dto.js';
import { IsWhole } from '../platform/http/fields.js';
import type { ProgrammePolicy } from './domain/programme-policy.js';

export class CreateProgrammeDto {
  @IsString()
  @Length(1, 100)
  name!: string;

  /** ISO 4217; fixed for good. */
  @ApiProperty({ example: 'TWD' })
  @ValidateBy({
    name: 'isCurrency',
    validator: {
      validate: (value) => typeof value === 'string' && isCurrency(value),
      defaultMessage: () => '$property must be an ISO 4217 currency code',
    },
  })
  currency!: string;

  /** IANA zone; business days, expiry and windows are counted in it. Fixed for good. */
  @ApiProperty({ example: 'Asia/Taipei' })
  @ValidateBy({
    name: 'isTimeZone',
    validator: {
      validate: (value) => typeof value === 'string' && isTimeZone(value),
      defaultMessage: () => '$property must be an IANA time zone such as Asia/Taipei',
    },
  })
  timeZone!: string;
}

export class PointsOffBasketDto {
  /** Discount in minor units that one point gives, tax included. */
  @IsWhole(1, 1_000_000)
  minorPerPoint!: number;

  /** The fewest points that may be redeemed at once. Default 1. */
  @IsOptional()
  @IsWhole(1, 1_000_000)
  minimumPoints?: number;
}

export class ProgrammePolicyDto {
  /** What members call a point. */
  @IsString()
  @Length(1, 60)
  pointName!: string;

  @IsDefined()
  @ValidateNested()
  @Type(() => ExpiryPolicyDto)
  expiry!: ExpiryPolicyDto;

  /** Absent: points are exchanged for catalogue rewards only. */
  @IsOptional()
  @ValidateNested()
  @Type(() => PointsOffBasketDto)
  pointsOffBasket?: PointsOffBasketDto;
}

export function programmePolicyOf(dto: ProgrammePolicyDto): ProgrammePolicy {
  const terms = dto.pointsOffBasket;
  return {
    pointName: dto.pointName,
    expiry: expiryPolicyOf(dto.expiry),
    pointsOffBasket: terms
      ? { minorPerPoint: terms.minorPerPoint, minimumPoints: terms.minimumPoints ?? 1 }
      : null,
  };
}
