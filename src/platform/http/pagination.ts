import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsOptional, IsString, Length } from 'class-validator';
import { parseInstant, type Instant } from '../../kernel/time.js';
import { IsInstant, IsWhole } from './fields.js';

export const DEFAULT_PAGE_SIZE = 50;
export const MAX_PAGE_SIZE = 500;

export class PageQueryDto {
  @ApiPropertyOptional({ default: DEFAULT_PAGE_SIZE })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^\d{1,6}$/.test(value) ? Number(value) : value,
  )
  @IsWhole(1, MAX_PAGE_SIZE)
  limit?: number;

  /** `nextCursor` of the page before. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @Length(1, 200)
  cursor?: string;
}

export class AsOfQueryDto {
  /** Look at an instant of the past. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsInstant()
  asOf?: string;

  /** As far as it was known by then; `asOf` is now unless given. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsInstant()
  knownAt?: string;
}

export class AsOfPageQueryDto extends PageQueryDto {
  /** Look at an instant of the past. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsInstant()
  asOf?: string;

  /** As far as it was known by then; `asOf` is now unless given. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsInstant()
  knownAt?: string;
}

/** The instant a checked field names; null when absent. */
export function instantOf(text: string | undefined | null): Instant | null {
  return text === undefined || text === null ? null : parseInstant(text);
}
