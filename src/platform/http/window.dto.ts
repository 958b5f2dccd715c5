import { ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import type { Window } from '../../kernel/window.js';
import { IsWhole, OfTypes } from './fields.js';
import { invalid } from './validation.js';

/** The longest window that ends with a day. */
export const MAX_WINDOW_MONTHS = 36;
const MAX_WINDOW_DAYS = 1100;

const TYPES = ['calendar', 'rolling', 'membershipYear', 'sinceTier', 'lifetime'] as const;
const UNITS = ['day', 'week', 'month', 'quarter', 'half', 'year', 'fiscalYear'] as const;
const LEAP_DAYS = ['02-28', '03-01'] as const;

/** Over which business days something is counted. */
export class WindowDto {
  /**
   * `calendar`: the period that holds the day; `rolling`: the months or days that end with it; `membershipYear`: from
   * one anniversary of the enrolment to the next; `sinceTier`: since the present standing began; `lifetime`: all days.
   */
  @ApiProperty({ enum: TYPES })
  @IsIn(TYPES)
  type!: (typeof TYPES)[number];

  /** With `calendar`. Weeks begin on Monday. */
  @ApiProperty({ enum: UNITS, required: false })
  @OfTypes({ needed: ['calendar'] })
  @IsIn(UNITS)
  unit?: (typeof UNITS)[number];

  /** The month in which a `fiscalYear` begins, 1 to 12. */
  @OfTypes({ allowed: ['calendar'] })
  @IsWhole(1, 12)
  firstMonth?: number;

  /** With `rolling`, which needs months, days or both. */
  @OfTypes({ allowed: ['rolling'] })
  @IsWhole(1, MAX_WINDOW_MONTHS)
  months?: number;

  /** With `rolling`; together with months both are added. */
  @OfTypes({ allowed: ['rolling'] })
  @IsWhole(1, MAX_WINDOW_DAYS)
  days?: number;

  /** With `membershipYear`: the anniversary of 29 February in common years, the 28th if it is left out. */
  @ApiProperty({ enum: LEAP_DAYS, required: false })
  @OfTypes({ allowed: ['membershipYear'] })
  @IsIn(LEAP_DAYS)
  leapDay?: (typeof LEAP_DAYS)[number];
}

/**
 * A window as it is published.
 * @param pointer of the window within the body.
 * @throws ProblemException VALIDATION_FAILED for a rolling window of no length, and for a first month without its
 * fiscal year or the other way round.
 */
export function windowOf(
  { type, unit, firstMonth, months, days, leapDay }: WindowDto,
  pointer: string,
): Window {
  switch (type) {
    case 'calendar':
      if ((unit === 'fiscalYear') !== (firstMonth !== undefined)) {
        const detail = 'A fiscal year needs the month in which it begins, and no other unit has one.';
        throw invalid([{ pointer: `${pointer}/firstMonth`, code: 'FIRST_MONTH', detail }]);
      }
      return unit === 'fiscalYear'
        ? { type, unit, firstMonth: firstMonth as number }
        : { type, unit: unit as Exclude<typeof unit, undefined> };
    case 'rolling':
      if (months === undefined && days === undefined) {
        const detail = 'A rolling window needs months, days or both.';
        throw invalid([{ pointer: `${pointer}/months`, code: 'NO_LENGTH', detail }]);
      }
      return { type, ...(months === undefined ? {} : { months }), ...(days === undefined ? {} : { days }) };
    case 'membershipYear':
      return leapDay === undefined ? { type } : { type, leapDay };
    default:
      return { type };
  }
}
