import { IsDefined, IsIn, IsObject, IsOptional } from 'class-validator';
import { ApiProperty } from '@nestjs/swagger';
import { AsItCame, IsInstant, IsWhole } from '../platform/http/fields.js';

/** More members than there are people. */
const MAX_MEMBERS = 10_000_000_000;

export class PlanProgrammeDto {
  /** The file, as `GET …/export?format=json` has it. */
  @ApiProperty({ type: 'object', additionalProperties: true })
  @IsDefined()
  @AsItCame()
  @IsObject()
  programme!: Record<string, unknown>;

  /** From when on it would hold; default now. */
  @IsOptional()
  @IsInstant()
  effectiveAt?: string;

  /** As for the publication of a ladder: how many members stand on tiers that it has no more. */
  @IsOptional()
  @IsWhole(1, MAX_MEMBERS)
  membersDropped?: number;
}

const FORMATS = ['json', 'yaml'] as const;

export class ExportProgrammeQueryDto {
  /** Default: what `Accept` prefers, JSON where it says nothing. */
  @ApiProperty({ enum: FORMATS, required: false })
  @IsOptional()
  @IsIn(FORMATS)
  format?: (typeof FORMATS)[number];

  /** What is in force at this instant; default now. */
  @IsOptional()
  @IsInstant()
  at?: string;
}
