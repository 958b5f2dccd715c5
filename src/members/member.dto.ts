import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsOptional, IsString, Length, ValidateNested } from 'class-validator';
import { IsAttributes, IsDay, IsInstant } from '../platform/http/fields.js';
import { IsKeyText } from '../platform/http/key-text.js';
import { IdentityDto } from '../platform/http/member-ref.dto.js';
import { AsOfPageQueryDto, PageQueryDto } from '../platform/http/pagination.js';

/** Identities one member may have. */
export const MAX_IDENTITIES = 20;

class MemberFieldsDto {
  /** The id your own system has for the person; unique in the programme. */
  @ApiPropertyOptional({ example: 'C-1001' })
  @IsOptional()
  @IsKeyText(200)
  externalId?: string;

  @ApiPropertyOptional({ type: [IdentityDto] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_IDENTITIES)
  @ValidateNested({ each: true })
  @Type(() => IdentityDto)
  identities?: IdentityDto[];

  @IsOptional()
  @IsDay()
  birthDate?: string;

  @IsOptional()
  @IsAttributes()
  attributes?: Record<string, unknown>;
}

export class EnrolMemberDto extends MemberFieldsDto {
  /** Default: now. */
  @IsOptional()
  @IsInstant()
  enrolledAt?: string;
}

/** Absent fields stay as they are; `identities` replaces the whole list. */
export class ChangeMemberDto extends MemberFieldsDto {}

/** Which of a member's accounts: the one their commands act on, or the one they were enrolled with. */
export class HistoryQueryDto extends AsOfPageQueryDto {
  /** `present` is the household's, or the survivor's after a merge; `home` has what happened before. */
  @ApiPropertyOptional({ enum: ['present', 'home'], default: 'present' })
  @IsOptional()
  @IsIn(['present', 'home'])
  account?: 'present' | 'home';
}

/** Look a member up by the external id or by an identity, each alone, or page through all of them. */
export class FindMembersQueryDto extends PageQueryDto {
  @ApiPropertyOptional()
  @IsOptional()
  @IsKeyText(200)
  externalId?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsKeyText(40)
  identityType?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsKeyText(200)
  identityValue?: string;

  /** The beginning or the end of an identity or of the external id, at least three characters. */
  @ApiPropertyOptional({ example: '678' })
  @IsOptional()
  @IsString()
  @Length(3, 200)
  q?: string;

  /** Of the ladder in force. */
  @ApiPropertyOptional({ example: 'gold' })
  @IsOptional()
  @IsString()
  @Length(1, 60)
  tier?: string;
}
