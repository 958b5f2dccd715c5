import { ApiProperty, OmitType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsDefined,
  IsIn,
  IsOptional,
  Matches,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { IsName } from '../platform/http/name.js';
import { IsWhole } from '../platform/http/fields.js';
import { PublishDto } from '../platform/versioned-config/config-requests.dto.js';
import { invalid } from '../platform/http/validation.js';
import { WindowDto, windowOf } from '../platform/http/window.dto.js';
import { RequirementDto, requirementOf } from './requirement.dto.js';
import { GraceDto, graceOf, PromotionDto, promotionOf, ValidityDto, validityOf } from './validity.dto.js';
import { ladderFaults } from './domain/ladder-faults.js';
import { tierSetFault, type Measure, type Tier, type TierSet, type TierWindow } from './domain/tier-set.js';

/** Tiers one ladder may have. */
export const MAX_TIERS = 20;
/** More members than there are people. */
const MAX_MEMBERS = 10_000_000_000;

export class TierWindowDto extends OmitType(WindowDto, ['leapDay']) {
  @IsIn(['calendar', 'rolling'])
  declare type: 'calendar' | 'rolling';
}

/** Where the members of a tier go that no member enters any more. */
export class RetiredDto {
  /** The key of the tier that takes them over; left out, they stay until their end. */
  @IsOptional()
  @Matches(/^[a-z0-9][a-z0-9-]{0,39}$/, {
    message: '$property must be lower-case letters, digits and hyphens',
  })
  successor?: string;
}

export class TierDto {
  @Matches(/^[a-z0-9][a-z0-9-]{0,39}$/, {
    message: '$property must be lower-case letters, digits and hyphens',
  })
  key!: string;

  @IsName(100)
  name!: string;

  /** Minor units, points or status points; the first tier has 0. Left out where `reach` says what is to be reached. */
  @ValidateIf(({ reach, threshold }: TierDto) => reach === undefined || threshold !== undefined)
  @IsWhole(0, 1_000_000_000_000_000)
  @ApiProperty({ required: false, type: 'integer', minimum: 0, maximum: 1_000_000_000_000_000 })
  threshold?: number;

  /** What is to be reached instead of a threshold of the ladder's measure. */
  @IsOptional()
  @ValidateNested()
  @Type(() => RequirementDto)
  reach?: RequirementDto;

  /** What is to be kept, if it is not the same. */
  @IsOptional()
  @ValidateNested()
  @Type(() => RequirementDto)
  keep?: RequirementDto;

  /** How long the tier is held, if it is not the ladder's validity. */
  @IsOptional()
  @ValidateNested()
  @Type(() => ValidityDto)
  validity?: ValidityDto;

  /** No roll leaves the tier. */
  @IsOptional()
  @IsBoolean()
  noDowngrade?: boolean;

  /** No member enters the tier any more. */
  @IsOptional()
  @ValidateNested()
  @Type(() => RetiredDto)
  retired?: RetiredDto;
}

const DEMOTIONS = ['none', 'oneDown', 'byMeasure'] as const;
const TRANSITIONS = ['now', 'upOnly', 'nextRoll'] as const;

export class TierSetDto {
  /** `spend`: what the customer paid in minor units; `points`: purchase points earned; `status`: status points. */
  @IsIn(['spend', 'points', 'status'])
  measure!: Measure;

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

  /** When a tier that was reached begins; at once if it is left out. */
  @IsOptional()
  @ValidateNested()
  @Type(() => PromotionDto)
  promotion?: PromotionDto;

  /** How long tiers are held before they are evaluated; for ever if it is left out. */
  @IsOptional()
  @ValidateNested()
  @Type(() => ValidityDto)
  validity?: ValidityDto;

  /** Where members go whose time is over: `none` leaves them, `oneDown`, or the highest tier that is kept. */
  @IsOptional()
  @ApiProperty({ enum: DEMOTIONS, required: false })
  @IsIn(DEMOTIONS)
  demotion?: (typeof DEMOTIONS)[number];

  @IsOptional()
  @ValidateNested()
  @Type(() => GraceDto)
  grace?: GraceDto;

  /** What the version does to members of the one before: evaluates them `now`, `upOnly`, or at their `nextRoll`. */
  @IsOptional()
  @ApiProperty({ enum: TRANSITIONS, required: false })
  @IsIn(TRANSITIONS)
  transition?: (typeof TRANSITIONS)[number];
}

export class PublishTierSetDto extends PublishDto {
  /** How many members stand on tiers that the ladder has no more, where any do; the refusal says the number. */
  @IsOptional()
  @IsWhole(1, MAX_MEMBERS)
  membersDropped?: number;
}

/** The ladder as it is published. @throws ProblemException when its rungs do not ascend, or cannot be meant. */
export function tierSetOf(body: TierSetDto): TierSet {
  const { measure, window, demotion, transition } = body;
  const tiers = body.tiers.map(tierOf);
  const fault = tierSetFault(tiers);
  if (fault !== null) throw invalid([{ pointer: '/tiers', code: 'NOT_A_LADDER', detail: fault }]);
  const set: TierSet = {
    measure,
    window: windowOf(window, '/window') as TierWindow,
    tiers,
    ...(body.promotion ? { promotion: promotionOf(body.promotion) } : {}),
    ...(body.validity ? { validity: validityOf(body.validity, '/validity') } : {}),
    ...demotionOf(demotion, body),
    ...(body.grace ? { grace: graceOf(body.grace) } : {}),
    ...(transition ? { transition } : {}),
  };
  const faults = ladderFaults(set);
  if (faults.length > 0) throw invalid(faults);
  return set;
}

/** Where a validity ends, members go to what their measure says unless the ladder says otherwise. */
function demotionOf(
  demotion: TierSet['demotion'],
  { validity, tiers }: TierSetDto,
): Pick<TierSet, 'demotion'> {
  if (demotion) return { demotion };
  return validity || tiers.some((tier) => tier.validity) ? { demotion: 'byMeasure' } : {};
}

/** A tier as it is published. */
function tierOf(body: TierDto, index: number): Tier {
  const { key, name, threshold = 0, reach, keep, validity, noDowngrade, retired } = body;
  const at = `/tiers/${index}`;
  return {
    ...{ key, name, threshold },
    ...(reach ? { reach: requirementOf(reach, `${at}/reach`, false) } : {}),
    ...(keep ? { keep: requirementOf(keep, `${at}/keep`, true) } : {}),
    ...(validity ? { validity: validityOf(validity, `${at}/validity`) } : {}),
    ...(noDowngrade ? { noDowngrade: true } : {}),
    ...(retired ? { retired: retired.successor ? { successor: retired.successor } : {} } : {}),
  };
}
