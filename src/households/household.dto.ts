import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsDefined, IsIn, IsOptional, ValidateBy, ValidateNested } from 'class-validator';
import { MAX_POINTS } from '../kernel/points.js';
import { IsName } from '../platform/http/name.js';
import { AsItCame } from '../platform/http/fields.js';
import { MemberRefDto } from '../platform/http/member-ref.dto.js';
import type { Split } from './domain/split.js';

export class CreateHouseholdDto {
  @ApiPropertyOptional({ example: 'The Lins' })
  @IsOptional()
  @IsName(200)
  name?: string;

  /** The member who heads it; the head's points and debt become the household's. */
  @IsDefined()
  @ValidateNested()
  @Type(() => MemberRefDto)
  head!: MemberRefDto;
}

export class JoinHouseholdDto {
  @IsDefined()
  @ValidateNested()
  @Type(() => MemberRefDto)
  member!: MemberRefDto;

  /** Adults earn and redeem, earners only earn. */
  @ApiProperty({ enum: ['adult', 'earner'] })
  @IsIn(['adult', 'earner'])
  role!: 'adult' | 'earner';
}

export class LeaveHouseholdDto {
  /** What goes along: nothing, what the member earned, an equal share, or so many points. */
  @IsOptional()
  @IsSplit()
  split?: Split;
}

export class ChangeRoleDto {
  /** With a new head the former head becomes an adult. */
  @ApiProperty({ enum: ['head', 'adult', 'earner'] })
  @IsIn(['head', 'adult', 'earner'])
  role!: 'head' | 'adult' | 'earner';
}

const WORDS: readonly unknown[] = ['none', 'own', 'equal'];

/** A word, or a number of points in an object. */
function IsSplit(): PropertyDecorator {
  return applyDecorators(
    AsItCame(),
    ValidateBy({
      name: 'isSplit',
      validator: {
        validate: (value) => WORDS.includes(value) || isPoints(value),
        defaultMessage: () =>
          `$property must be none, own, equal, or { "points": a whole number from 1 to ${MAX_POINTS} }`,
      },
    }),
  );
}

function isPoints(value: unknown): boolean {
  if (value === null || typeof value !== 'object' || Object.keys(value).join() !== 'points') return false;
  const { points } = value as { points: unknown };
  return Number.isSafeInteger(points) && (points as number) >= 1 && (points as number) <= MAX_POINTS;
}
