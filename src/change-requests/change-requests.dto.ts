import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Length } from 'class-validator';
import { PageQueryDto } from '../platform/http/pagination.js';
import { MAX_NOTE_LENGTH } from '../platform/versioned-config/config-requests.dto.js';
import { CHANGE_STATES, type ChangeState } from './domain/change-request.js';

export class ChangeRequestsQueryDto extends PageQueryDto {
  @ApiPropertyOptional({ enum: CHANGE_STATES })
  @IsOptional()
  @IsIn(CHANGE_STATES)
  state?: ChangeState;

  /** The kind of change, such as `publication`. */
  @ApiPropertyOptional({ example: 'publication' })
  @IsOptional()
  @IsString()
  @Length(1, 60)
  subject?: string;
}

export class ChangeDecisionDto {
  @IsOptional()
  @IsString()
  @Length(1, MAX_NOTE_LENGTH)
  note?: string;
}
