import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsDefined, IsOptional, ValidateNested } from 'class-validator';
import { IsAttributes, IsFlag, IsInstant } from '../platform/http/fields.js';
import { IsKeyText } from '../platform/http/key-text.js';
import { MemberRefDto } from '../platform/http/member-ref.dto.js';
import { IsName } from '../platform/http/name.js';
import { TimeListQueryDto } from '../platform/http/time-list.dto.js';

const MAX_NUMBER = 200;

/** The source of activities that name none. */
export const DEFAULT_SOURCE = 'default';

export class RecordActivityDto {
  /** Key of a declared activity type. */
  @ApiProperty({ example: 'review' })
  @IsKeyText(100)
  type!: string;

  /** The system that numbers the activities. With `externalId` it is unique for ever. Default: `default`. */
  @ApiPropertyOptional({ example: 'web-shop' })
  @IsOptional()
  @IsKeyText(MAX_NUMBER)
  source?: string;

  @ApiProperty({ example: 'rev-9' })
  @IsKeyText(MAX_NUMBER)
  externalId!: string;

  @IsDefined()
  @ValidateNested()
  @Type(() => MemberRefDto)
  member!: MemberRefDto;

  @IsInstant()
  occurredAt!: string;

  /** What its type says an activity has. */
  @IsOptional()
  @IsAttributes()
  attributes?: Record<string, unknown>;
}

export class ActivityQueryDto {
  /** Work everything out and write nothing. */
  @IsFlag()
  dryRun?: boolean;

  /** Add the trace of every rule for its type. */
  @IsFlag()
  explain?: boolean;
}

export class CancelActivityDto {
  /** Why, in one line. */
  @ApiPropertyOptional({ example: 'The review was fake.' })
  @IsOptional()
  @IsName(500)
  reason?: string;
}

export class ActivitiesQueryDto extends TimeListQueryDto {
  /** Key of an activity type. */
  @ApiPropertyOptional({ example: 'review' })
  @IsOptional()
  @IsKeyText(100)
  type?: string;
}
