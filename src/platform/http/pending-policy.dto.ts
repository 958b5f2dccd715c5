import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsArray, IsIn, Matches } from 'class-validator';
import { eventName, type PendingPolicy } from '../../kernel/pending-policy.js';
import { MAX_DAYS } from './expiry-policy.dto.js';
import { IsFixedDate, IsWhole, OfTypes } from './fields.js';

/** Dates a policy may list. */
const MAX_DATES = 50;
const TYPES = ['none', 'days', 'dates', 'event'] as const;

export class PendingPolicyDto {
  /**
   * `days`: so many whole days after the receipt's. `dates`: until the next of these dates begins. `event`: until
   * the event is reported.
   */
  @ApiProperty({ enum: TYPES })
  @IsIn(TYPES)
  type!: (typeof TYPES)[number];

  @OfTypes({ needed: ['days'] })
  @IsWhole(1, MAX_DAYS)
  days?: number;

  /** With `dates`: dates of every year, `MM-DD`, or of one, `YYYY-MM-DD`. */
  @ApiPropertyOptional({ type: [String], example: ['01-01', '07-01'] })
  @OfTypes({ needed: ['dates'] })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_DATES)
  @ArrayUnique()
  @IsFixedDate({ each: true })
  dates?: string[];

  /** With `event`: its name, such as `delivered` or `returnWindowOver`. */
  @ApiPropertyOptional({ example: 'delivered' })
  @OfTypes({ needed: ['event'] })
  @Matches(/^[a-z][a-zA-Z0-9]{0,39}$/, { message: '$property must be a lower-camel name such as delivered' })
  event?: string;

  /** With `event`: whole days that points wait after it. Default 0. */
  @OfTypes({ allowed: ['event'] })
  @IsWhole(0, MAX_DAYS)
  thenDays?: number;

  /** With `event`: points are cancelled at the end of this many days after the receipt's when it did not come. */
  @OfTypes({ needed: ['event'] })
  @IsWhole(1, MAX_DAYS)
  cancelAfterDays?: number;
}

export function pendingPolicyOf(dto: PendingPolicyDto): PendingPolicy {
  const { type } = dto;
  switch (type) {
    case 'none':
      return { type };
    case 'days':
      return { type, days: dto.days as number };
    case 'dates':
      return { type, dates: dto.dates as string[] };
    case 'event':
      return {
        type,
        event: eventName(dto.event as string),
        thenDays: dto.thenDays ?? 0,
        cancelAfterDays: dto.cancelAfterDays as number,
      };
  }
}
