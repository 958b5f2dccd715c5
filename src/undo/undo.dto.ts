import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Length } from 'class-validator';
import { IsInstant, IsWhole } from '../platform/http/fields.js';
import { MAX_NOTE_LENGTH } from '../platform/versioned-config/config-requests.dto.js';

/** The highest number that a version can have. */
const MAX_VERSION = 2_147_483_647;

export class UndoDto {
  /** The version of the rule. */
  @ApiProperty({ example: 3 })
  @IsWhole(1, MAX_VERSION)
  version!: number;

  /** Receipts that occurred from then on. Default: since the version took effect. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsInstant()
  from?: string;

  /** Receipts that occurred before then; not in the future. Default: now. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsInstant()
  until?: string;

  /** Why the points are taken back. */
  @ApiProperty({ example: 'The multiplier was ten times too high.' })
  @IsString()
  @Length(1, MAX_NOTE_LENGTH)
  reason!: string;
}
