import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsOptional,
  IsString,
  Length,
  Matches,
  ValidateNested,
} from 'class-validator';
import { IsDay } from '../platform/http/fields.js';
import { invalid } from '../platform/http/validation.js';
import type { RuleSchedule } from './domain/rule-schedule.js';
import { scheduleFaults } from './schedule-faults.js';

/** Spans of hours and recurrences one schedule may have. */
const MAX_SPANS = 10;
/** Black-outs one schedule may have. */
const MAX_BLACK_OUTS = 200;
const MAX_RRULE_LENGTH = 500;
const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7];

export class HourSpanDto {
  /** Time on the wall of the programme's zone, `HH:MM`. */
  @ApiProperty({ example: '18:00' })
  @Matches(/^(?:[01]\d|2[0-3]):[0-5]\d$/, { message: '$property must be a time such as 18:00' })
  from!: string;

  /** Exclusive, up to `24:00`. Earlier than `from` for a span that passes midnight: it belongs to the day it began. */
  @ApiProperty({ example: '21:00' })
  @Matches(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, { message: '$property must be a time up to 24:00' })
  to!: string;
}

export class RecurrenceDto {
  /** The first day that may count (DTSTART). The recurrence ends ten years later at most. */
  @IsDay()
  startsOn!: string;

  /** An iCal RRULE (RFC 5545) of days: FREQ from DAILY to YEARLY, without time parts. */
  @ApiProperty({ example: 'FREQ=MONTHLY;BYMONTHDAY=8,18,28' })
  @IsString()
  @Length(1, MAX_RRULE_LENGTH)
  rule!: string;
}

export class BlackOutDto {
  @IsDay()
  from!: string;

  /** Inclusive. Default: `from`, one day. */
  @ApiPropertyOptional({ format: 'date' })
  @IsOptional()
  @IsDay()
  until?: string;
}

/** When a rule gives points, by the calendar and the clocks of the programme's zone at `occurredAt`. */
export class RuleScheduleDto {
  /** 1 Monday to 7 Sunday. Default: all. */
  @ApiPropertyOptional({ type: [Number], example: [6, 7] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(7)
  @ArrayUnique()
  @IsIn(WEEKDAYS, { each: true })
  weekdays?: number[];

  /** Default: all day. */
  @ApiPropertyOptional({ type: [HourSpanDto] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_SPANS)
  @ValidateNested({ each: true })
  @Type(() => HourSpanDto)
  hours?: HourSpanDto[];

  /** Days that one of them names; of these, those on the `weekdays` count. Default: every day. */
  @ApiPropertyOptional({ type: [RecurrenceDto] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_SPANS)
  @ValidateNested({ each: true })
  @Type(() => RecurrenceDto)
  recurrences?: RecurrenceDto[];

  /** Days on which the rule gives nothing, whatever else the schedule says. */
  @ApiPropertyOptional({ type: [BlackOutDto] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_BLACK_OUTS)
  @ValidateNested({ each: true })
  @Type(() => BlackOutDto)
  blackOuts?: BlackOutDto[];
}

/**
 * The schedule as it is published.
 * @param endsAt when the rule ends, as it is published.
 * @throws ProblemException VALIDATION_FAILED for hours of nothing, a recurrence that cannot be used, and a schedule
 * that never happens.
 */
export function ruleScheduleOf(dto: RuleScheduleDto, endsAt: string | null): RuleSchedule {
  const schedule = {
    weekdays: dto.weekdays ?? [],
    hours: (dto.hours ?? []).map(({ from, to }) => ({ from, to })),
    recurrences: (dto.recurrences ?? []).map(({ startsOn, rule }) => ({ startsOn, rule })),
    blackOuts: (dto.blackOuts ?? []).map(({ from, until }) => ({ from, until: until ?? from })),
  };
  const faults = scheduleFaults(schedule, { from: null, until: endsAt });
  if (faults.length > 0) throw invalid(faults);
  return schedule;
}
