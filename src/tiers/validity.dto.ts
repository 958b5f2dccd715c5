import { ApiProperty, OmitType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsBoolean, IsDefined, IsIn, IsOptional, ValidateNested } from 'class-validator';
import { IsWhole, OfTypes } from '../platform/http/fields.js';
import { invalid } from '../platform/http/validation.js';
import { WindowDto, windowOf } from '../platform/http/window.dto.js';
import type { CalendarWindow } from '../kernel/window.js';
import type { Grace } from './domain/ladder.js';
import type { PublishedGrace, PublishedPromotion, PublishedValidity } from './domain/published-rules.js';

/** Ten years. */
const MAX_MONTHS = 120;
const MAX_DAYS = 1100;
const TYPES = [
  'forever',
  'whileQualified',
  'endOfPeriod',
  'endOfNextPeriod',
  'months',
  'anniversary',
] as const;
const LEAP_DAYS = ['02-28', '03-01'] as const;

/** A calendar period, such as a quarter or a fiscal year. */
export class PeriodDto extends OmitType(WindowDto, ['leapDay', 'months', 'days']) {
  @ApiProperty({ enum: ['calendar'] })
  @IsIn(['calendar'])
  declare type: 'calendar';
}

/** How long a tier is held before it is evaluated. */
export class ValidityDto {
  /**
   * `whileQualified`: evaluated each night on which a day that counted leaves the window; `endOfPeriod` and
   * `endOfNextPeriod` of a calendar period; so many `months`; the `anniversary` of the enrolment.
   */
  @ApiProperty({ enum: TYPES })
  @IsIn(TYPES)
  type!: (typeof TYPES)[number];

  @OfTypes({ needed: ['endOfPeriod', 'endOfNextPeriod'] })
  @ValidateNested()
  @Type(() => PeriodDto)
  period?: PeriodDto;

  /** Days after the end of the period. */
  @OfTypes({ allowed: ['endOfPeriod', 'endOfNextPeriod'] })
  @IsWhole(1, MAX_DAYS)
  days?: number;

  @OfTypes({ needed: ['months'] })
  @IsWhole(1, MAX_MONTHS)
  months?: number;

  /** Rounds the end up to that of its month. */
  @OfTypes({ allowed: ['months'] })
  @IsBoolean()
  toEndOfMonth?: boolean;

  /** The months that an anniversary must give at least. */
  @OfTypes({ allowed: ['anniversary'] })
  @IsWhole(0, MAX_MONTHS)
  leastMonths?: number;

  @ApiProperty({ enum: LEAP_DAYS, required: false })
  @OfTypes({ allowed: ['anniversary'] })
  @IsIn(LEAP_DAYS)
  leapDay?: (typeof LEAP_DAYS)[number];
}

/** Time after what was to be kept was not kept; at least one of months and days. */
export class GraceDto {
  /** `disqualification`: from the night that evaluated; `tierStart`: from the beginning of the standing. */
  @ApiProperty({ enum: ['disqualification', 'tierStart'], required: false })
  @IsOptional()
  @IsIn(['disqualification', 'tierStart'])
  from?: Grace['from'];

  @IsOptional()
  @IsWhole(1, MAX_MONTHS)
  months?: number;

  @IsOptional()
  @IsWhole(1, MAX_DAYS)
  days?: number;

  @IsOptional()
  @IsBoolean()
  toEndOfMonth?: boolean;
}

/** When a tier that was reached begins. */
export class PromotionDto {
  /** `atOnce` with the purchase that reaches it, or from the `nextPeriod`. */
  @ApiProperty({ enum: ['atOnce', 'nextPeriod'] })
  @IsIn(['atOnce', 'nextPeriod'])
  type!: 'atOnce' | 'nextPeriod';

  @OfTypes({ needed: ['nextPeriod'] })
  @IsDefined()
  @ValidateNested()
  @Type(() => PeriodDto)
  period?: PeriodDto;
}

/** A validity as it is published. */
export function validityOf(body: ValidityDto, pointer: string): PublishedValidity {
  const { type, period, days, months = 1, toEndOfMonth, leastMonths, leapDay } = body;
  switch (type) {
    case 'endOfPeriod':
    case 'endOfNextPeriod': {
      const of = periodOf(period as PeriodDto, `${pointer}/period`);
      return { type, period: of, ...(days === undefined ? {} : { days }) };
    }
    case 'months':
      return { type, months, ...(toEndOfMonth ? { toEndOfMonth } : {}) };
    case 'anniversary':
      return { type, ...(leastMonths ? { leastMonths } : {}), ...(leapDay ? { leapDay } : {}) };
    default:
      return { type };
  }
}

/** A calendar period as it is published. */
function periodOf(body: PeriodDto, pointer: string): CalendarWindow {
  return windowOf(body, pointer) as CalendarWindow;
}

/** When promotions begin, as it is published. */
export function promotionOf({ type, period }: PromotionDto): PublishedPromotion {
  return type === 'atOnce' ? { type } : { type, period: periodOf(period as PeriodDto, '/promotion/period') };
}

/** A grace as it is published. @throws ProblemException VALIDATION_FAILED for one of no length. */
export function graceOf({ from, months, days, toEndOfMonth }: GraceDto): PublishedGrace {
  if (months === undefined && days === undefined) {
    const detail = 'A grace needs months, days or both.';
    throw invalid([{ pointer: '/grace/months', code: 'NO_LENGTH', detail }]);
  }
  return {
    ...(from ? { from } : {}),
    ...(months === undefined ? {} : { months }),
    ...(days === undefined ? {} : { days }),
    ...(toEndOfMonth ? { toEndOfMonth } : {}),
  };
}
