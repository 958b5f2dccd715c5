import { IsBoolean, IsOptional } from 'class-validator';

import { IsName } from '../platform/http/name.js';
import { IsWhole } from '../platform/http/fields.js';
import { MAX_REDEEMED_POINTS } from './redemption.dto.js';
import type { Reward } from './domain/reward.js';

export class RewardDto {
  @IsName(200)
  name!: string;

  @IsOptional()
  @IsBoolean()
  active?: boolean;

  /** What it costs. */
  @IsWhole(1, MAX_REDEEMED_POINTS)
  points!: number;

  /** What the till takes off the basket for it, minor units. Default 0: a thing handed over. */
  @IsOptional()
  @IsWhole(0, 1_000_000_000_000)
  discountMinor?: number;

  /** Whether it is counted; fill its stock with `POST /v1/rewards/{id}/stock`. Default false. */
  @IsOptional()
  @IsBoolean()
  stocked?: boolean;
}

export class StockDto {
  /** Added to what is left; negative takes away, down to 0. */
  @IsWhole(-1_000_000_000, 1_000_000_000)
  add!: number;
}

export function rewardOf(dto: RewardDto): Reward {
  return {
    name: dto.name,
    active: dto.active ?? true,
    points: dto.points,
    discountMinor: dto.discountMinor ?? 0,
    stocked: dto.stocked ?? false,
  };
}
