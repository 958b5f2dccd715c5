import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsOptional, ValidateNested } from 'class-validator';
import type { CalendarDuration, ExpiryPolicy } from '../../kernel/expiry-policy.js';
import { IsFixedDate, IsWhole, OfTypes } from './fields.js';
import { invalid } from './validation.js';

export const MAX_DAYS = 36_500;
const MAX_MONTHS = 1200;

const TYPES = ['never', 'days', 'months', 'endOf', 'fixedDate', 'sliding'] as const;
const PERIODS = ['month', 'quarter', 'half', 'year'] as const;

/** Exactly one of days and months. */
export class CalendarDurationDto {
  @IsOptional()
  @IsWhole(1, MAX_DAYS)
  days?: number;

  @IsOptional()
  @IsWhole(1, MAX_MONTHS)
  months?: number;
}

export class ExpiryPolicyDto {
  /**
   * `days`, `months`: so long after the day on which points become usable. `endOf`: rounded up to the end of a
   * calendar period. `fixedDate`: through the next such date. `sliding`: so long after the member's last activity.
   */
  @ApiProperty({ enum: TYPES })
  @IsIn(TYPES)
  type!: (typeof TYPES)[number];

  /** With `days`, or with `sliding` instead of `months`. */
  @OfTypes({ needed: ['days'], allowed: ['sliding'] })
  @IsWhole(1, MAX_DAYS)
  days?: number;

  /** With `months`, or with `sliding` instead of `days`. */
  @OfTypes({ needed: ['months'], allowed: ['sliding'] })
  @IsWhole(1, MAX_MONTHS)
  months?: number;

  /** With `endOf`: the period through whose end points count. */
  @ApiPropertyOptional({ enum: PERIODS })
  @OfTypes({ needed: ['endOf'] })
  @IsIn(PERIODS)
  unit?: (typeof PERIODS)[number];

  /** With `endOf`: added first. Absent: the period of the day itself. */
  @OfTypes({ allowed: ['endOf'] })
  @ValidateNested()
  @Type(() => CalendarDurationDto)
  after?: CalendarDurationDto;

  /** With `fixedDate`: a date of every year, `MM-DD`, or of one, `YYYY-MM-DD`. */
  @OfTypes({ needed: ['fixedDate'] })
  @IsFixedDate()
  date?: string;

  /** With `fixedDate`: days that points have at least; a nearer date is passed over. Default 0. */
  @OfTypes({ allowed: ['fixedDate'] })
  @IsWhole(0, MAX_DAYS)
  minimumDays?: number;
}

/** @throws ProblemException VALIDATION_FAILED where a duration is not exactly one of days and months. */
export function expiryPolicyOf(dto: ExpiryPolicyDto, pointer: string): ExpiryPolicy {
  const { type, minimumDays } = dto;
  switch (type) {
    case 'never':
      return { type };
    case 'days':
      return { type, days: dto.days as number };
    case 'months':
      return { type, months: dto.months as number };
    case 'endOf': {
      const unit = dto.unit as (typeof PERIODS)[number];
      return dto.after ? { type, unit, after: durationOf(dto.after, `${pointer}/after`) } : { type, unit };
    }
    case 'fixedDate': {
      const date = dto.date as string;
      return minimumDays === undefined ? { type, date } : { type, date, minimumDays };
    }
    case 'sliding':
      return { type, ...durationOf(dto, pointer) };
  }
}

function durationOf({ days, months }: CalendarDurationDto, pointer: string): CalendarDuration {
  const [hasDays, hasMonths] = [typeof days === 'number', typeof months === 'number'];
  if (hasDays && !hasMonths) return { days: days as number };
  if (hasMonths && !hasDays) return { months: months as number };
  throw invalid([{ pointer, code: 'ONE_OF', detail: 'Give exactly one of days and months.' }]);
}
