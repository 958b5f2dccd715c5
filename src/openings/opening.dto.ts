import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsDefined,
  IsIn,
  IsOptional,
  ValidateNested,
} from 'class-validator';
import { MAX_POINTS } from '../kernel/points.js';
import { AllDifferentBy, IsDay, IsWhole } from '../platform/http/fields.js';
import { IsKeyText } from '../platform/http/key-text.js';
import { MemberRefDto } from '../platform/http/member-ref.dto.js';

/** Lots that one request may bring in. */
export const MAX_OPENING_LOTS = 500;
/** What a lot may carry, minor units. */
const MAX_CARRIED_MINOR = 1_000_000_000_000;
/** What a request, or an old system, may come to; sums stay exact. */
const MAX_TOTAL = Number.MAX_SAFE_INTEGER;

export class ControlTotalsDto {
  @IsWhole(0, MAX_TOTAL)
  lots!: number;

  @IsWhole(0, MAX_TOTAL)
  points!: number;

  /** Minor units. */
  @IsWhole(0, MAX_TOTAL)
  carriedMinor!: number;
}

export class OpeningLotDto {
  /** What the old system knows the points by. With `source` they come in once, for ever. */
  @ApiProperty({ example: 'P-1001-2025' })
  @IsKeyText(200)
  externalId!: string;

  @IsDefined()
  @ValidateNested()
  @Type(() => MemberRefDto)
  member!: MemberRefDto;

  @ApiProperty({ enum: ['purchase', 'non_purchase'] })
  @IsIn(['purchase', 'non_purchase'])
  origin!: 'purchase' | 'non_purchase';

  /** What was left of them at the opening. */
  @IsWhole(1, MAX_POINTS)
  points!: number;

  /** The contract liability that they carried, minor units; 0 for `non_purchase`. */
  @IsWhole(0, MAX_CARRIED_MINOR)
  carriedMinor!: number;

  /** The day on which they were earned. */
  @ApiProperty({ example: '2025-03-14' })
  @IsDay()
  earnedOn!: string;

  /** The last day on which they can be used. Default: they never expire. */
  @ApiPropertyOptional({ example: '2026-12-31' })
  @IsOptional()
  @IsDay()
  expiresOn?: string;
}

export class OpeningBalancesDto {
  /** The old system. */
  @ApiProperty({ example: 'old-pos' })
  @IsKeyText(200)
  source!: string;

  /** What the lots of this request add up to; where they do not, nothing of it comes in. */
  @IsDefined()
  @ValidateNested()
  @Type(() => ControlTotalsDto)
  control!: ControlTotalsDto;

  @ApiProperty({ type: [OpeningLotDto] })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_OPENING_LOTS)
  @AllDifferentBy((lot: OpeningLotDto) => lot?.externalId, {
    message: 'each lot needs an externalId of its own',
  })
  @ValidateNested({ each: true })
  @Type(() => OpeningLotDto)
  lots!: OpeningLotDto[];
}

/** The old system, and what it says that all its lots come to. */
export class ProofQueryDto {
  @ApiProperty({ example: 'old-pos' })
  @IsKeyText(200)
  source!: string;

  @Type(() => Number)
  @IsWhole(0, MAX_TOTAL)
  lots!: number;

  @Type(() => Number)
  @IsWhole(0, MAX_TOTAL)
  points!: number;

  @Type(() => Number)
  @IsWhole(0, MAX_TOTAL)
  carriedMinor!: number;
}
