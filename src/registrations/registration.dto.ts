import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsDefined, IsOptional, ValidateNested } from 'class-validator';
import { IsFlag } from '../platform/http/fields.js';
import { MemberRefDto } from '../platform/http/member-ref.dto.js';
import { IsName } from '../platform/http/name.js';

export class RegisterDto {
  @IsDefined()
  @ValidateNested()
  @Type(() => MemberRefDto)
  member!: MemberRefDto;
}

export class RegistrationQueryDto {
  /** Work everything out and write nothing. */
  @IsFlag()
  dryRun?: boolean;

  /** Add the trace of every rule for registrations. */
  @IsFlag()
  explain?: boolean;
}

export class CancelRegistrationDto {
  /** Why, in one line. */
  @ApiPropertyOptional({ example: 'The member asked for it.' })
  @IsOptional()
  @IsName(500)
  reason?: string;
}
