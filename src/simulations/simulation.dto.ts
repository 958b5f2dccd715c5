import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsDefined,
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  Length,
  ValidateNested,
} from 'class-validator';
import { AsItCame, IsDay, IsWhole } from '../platform/http/fields.js';
import { MAX_DAYS, MAX_DRAFTS } from './domain/limits.js';

/** Kinds of configuration that a simulation can assume, in the order in which they are checked. */
export const SIMULATED_KINDS = [
  'tier-set',
  'programme-policy',
  'accounting-policy',
  'budget',
  'earning-rule',
] as const;
export type SimulatedKind = (typeof SIMULATED_KINDS)[number];

const MAX_ID_LENGTH = 60;

export class SimulationWindowDto {
  /** The last business days before today. */
  @ApiPropertyOptional({ minimum: 1, maximum: MAX_DAYS })
  @IsOptional()
  @IsWhole(1, MAX_DAYS)
  days?: number;

  /** The first business day. */
  @ApiPropertyOptional({ format: 'date' })
  @IsOptional()
  @IsDay()
  from?: string;

  /** The business day after the last; default today. */
  @ApiPropertyOptional({ format: 'date' })
  @IsOptional()
  @IsDay()
  until?: string;
}

export class SimulatedDraftDto {
  @ApiProperty({ enum: SIMULATED_KINDS })
  @IsIn(SIMULATED_KINDS)
  kind!: SimulatedKind;

  /** Which one; not needed where there is one definition of the kind. */
  @ApiPropertyOptional({ example: 'base' })
  @IsOptional()
  @IsString()
  @Length(1, MAX_ID_LENGTH)
  id?: string;

  /** As it would be sent for a draft; default the draft that is saved. */
  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  @IsOptional()
  @AsItCame()
  @IsObject()
  definition?: Record<string, unknown>;
}

export class StartSimulationDto {
  @IsDefined()
  @IsObject()
  @ValidateNested()
  @Type(() => SimulationWindowDto)
  window!: SimulationWindowDto;

  /** What is assumed to be in force for the whole window; without any, what is published is compared with itself. */
  @ApiProperty({ type: [SimulatedDraftDto], maxItems: MAX_DRAFTS })
  @IsArray()
  @ArrayMaxSize(MAX_DRAFTS)
  @ValidateNested({ each: true })
  @Type(() => SimulatedDraftDto)
  drafts!: SimulatedDraftDto[];
}
