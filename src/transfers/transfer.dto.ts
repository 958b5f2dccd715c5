import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsDefined, IsOptional, IsString, Length, ValidateNested } from 'class-validator';
import { MAX_POINTS } from '../kernel/points.js';
import { IsWhole } from '../platform/http/fields.js';
import { IsKeyText } from '../platform/http/key-text.js';
import { MemberRefDto } from '../platform/http/member-ref.dto.js';

export class SendPointsDto {
  /** The sender. */
  @IsDefined()
  @ValidateNested()
  @Type(() => MemberRefDto)
  from!: MemberRefDto;

  /** The recipient. */
  @IsDefined()
  @ValidateNested()
  @Type(() => MemberRefDto)
  to!: MemberRefDto;

  @IsWhole(1, MAX_POINTS)
  points!: number;

  /** Your own number for it; unique for ever, so that sending it again never sends twice. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsKeyText(200)
  externalId?: string;

  @ApiPropertyOptional({ example: 'Happy birthday' })
  @IsOptional()
  @IsString()
  @Length(1, 500)
  note?: string;
}
