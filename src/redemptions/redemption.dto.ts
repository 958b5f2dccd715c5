import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsDefined, IsIn, IsOptional, IsString, Length, ValidateNested } from 'class-validator';
import { IsWhole } from '../platform/http/fields.js';
import { IsKeyText } from '../platform/http/key-text.js';
import { MemberRefDto } from '../platform/http/member-ref.dto.js';
import { MAX_HOLD_FROM_START_SECONDS } from './domain/extended-hold.js';

export const DEFAULT_HOLD_SECONDS = 900;
/** A week. */
export const MAX_HOLD_SECONDS = 604_800;

/** The largest basket, minor units: a thousand lines of the largest amount. */
const MAX_BASKET_MINOR = 1_000_000_000_000_000;

/** The most points of one redemption; times the highest discount a point gives it stays a whole number exactly. */
export const MAX_REDEEMED_POINTS = 1_000_000_000;

export class RedeemDto {
  @IsDefined()
  @ValidateNested()
  @Type(() => MemberRefDto)
  member!: MemberRefDto;

  /** A reward of the catalogue; either this or `points`. */
  @ApiPropertyOptional({ example: 'coffee' })
  @IsOptional()
  @IsKeyText(100)
  rewardId?: string;

  /** Points off the basket; either this or `rewardId`. */
  @IsOptional()
  @IsWhole(1, MAX_REDEEMED_POINTS)
  points?: number;

  /** What the basket comes to before points, minor units: then points take no larger share of it than they may. */
  @IsOptional()
  @IsWhole(0, MAX_BASKET_MINOR)
  basketMinor?: number;

  /** `authorise` sets the points aside until captured, voided or lapsed; `capture` uses them at once. */
  @ApiProperty({ enum: ['authorise', 'capture'] })
  @IsIn(['authorise', 'capture'])
  mode!: 'authorise' | 'capture';

  /** How long the hold lasts; with `authorise` only. */
  @ApiPropertyOptional({ default: DEFAULT_HOLD_SECONDS })
  @IsOptional()
  @IsWhole(1, MAX_HOLD_SECONDS)
  holdSeconds?: number;

  /** Your own number for it; unique for ever, so that sending it again never redeems twice. */
  @IsOptional()
  @IsKeyText(200)
  externalId?: string;
}

export class CaptureDto {
  /** Part of the hold; default all of it. The rest goes back. */
  @IsOptional()
  @IsWhole(1, MAX_REDEEMED_POINTS)
  points?: number;
}

export class VoidDto {}

export class ExtendDto {
  /** The hold lasts at the least so long from now, and at most 30 days from when it was made. */
  @IsWhole(1, MAX_HOLD_FROM_START_SECONDS)
  holdSeconds!: number;
}

export class ReverseDto {
  /** Part of what is still used; default all of it. A reward comes back whole. */
  @IsOptional()
  @IsWhole(1, MAX_REDEEMED_POINTS)
  points?: number;

  /** What the redemption's event says about it. */
  @IsOptional()
  @IsString()
  @Length(1, 500)
  reason?: string;
}
