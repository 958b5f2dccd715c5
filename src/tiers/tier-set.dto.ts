import { OmitType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsDefined,
  IsIn,
  IsOptional,
  Matches,
  ValidateNested,
} from 'class-validator';
import { IsName } from '../platform/http/name.js';
import { IsWhole } from '../platform/http/fields.js';
import { PublishDto } from '../platform/versioned-config/config-requests.dto.js';
import { invalid } from '../platform/http/validation.js';
import { WindowDto, windowOf } from '../platform/http/window.dto.js';
import { tierSetFault, type TierSet, type TierWindow } from './domain/tier-set.js';

/** Tiers one ladder may have. */
export const MAX_TIERS = 20;
/** More members than there are people. */
const MAX_MEMBERS = 10_000_000_000;

export class TierWindowDto extends OmitType(WindowDto, ['leapDay']) {
  @IsIn(['calendar', 'rolling'])
  declare type: 'calendar' | 'rolling';
}

export class TierDto {
  @Matches(/^[a-z0-9][a-z0-9-]{0,39}$/, {
    message: '$property must be lower-case letters, digits and hyphens',
  })
  key!: string;

  @IsName(100)
  name!: string;

  /** Minor units or points; the first tier has 0. */
  @IsWhole(0, 1_000_000_000_000_000)
  threshold!: number;
}

export class TierSetDto {
  /** `spend`: what the customer paid in minor units; `points`: purchase points earned. */
  @IsIn(['spend', 'points'])
  measure!: 'spend' | 'points';

  @IsDefined()
  @ValidateNested()
  @Type(() => TierWindowDto)
  window!: TierWindowDto;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_TIERS)
  @ValidateNested({ each: true })
  @Type(() => TierDto)
  tiers!: TierDto[];
}

export class PublishTierSetDto extends PublishDto {
  /** How many members stand on tiers that the ladder has no more, where any do; the refusal says the number. */
  @IsOptional()
  @IsWhole(1, MAX_MEMBERS)
  membersDropped?: number;
}

/** The ladder as it is published. @throws ProblemException when its rungs do not ascend. */
export function tierSetOf({ measure, window, tiers }: TierSetDto): TierSet {
  const fault = tierSetFault(tiers);
  if (fault !== null) throw invalid([{ pointer: '/tiers', code: 'NOT_A_LADDER', detail: fault }]);
  return {
    measure,
    window: windowOf(window, '/window') as TierWindow,
    tiers: tiers.map(({ key, name, threshold }) => ({ key, name, threshold })),
  };
}
