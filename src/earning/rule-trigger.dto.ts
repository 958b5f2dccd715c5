import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import type { FieldError } from '../kernel/problem.js';
import { IsWhole, OfTypes } from '../platform/http/fields.js';
import { IsKeyText } from '../platform/http/key-text.js';
import { RECEIPT_TRIGGER, type RuleTrigger } from './domain/rule-trigger.js';

const TRIGGERS = ['receipt', 'activity', 'calendar'] as const;
const DATES = ['birthday', 'enrolment'] as const;
const LEAP_DAYS = ['02-28', '03-01'] as const;
const MAX_EVERY_YEARS = 100;

export class RuleTriggerDto {
  /** `receipt`: a receipt of the member; `activity`: an activity of a declared type; `calendar`: an anniversary. */
  @ApiProperty({ enum: TRIGGERS })
  @IsIn(TRIGGERS)
  type!: (typeof TRIGGERS)[number];

  /** With `activity`: the key of the activity type. */
  @ApiPropertyOptional({ example: 'review' })
  @OfTypes({ needed: ['activity'] })
  @IsKeyText(100)
  activity?: string;

  /** With `calendar`: the anniversary of the birth or of the enrolment. */
  @ApiPropertyOptional({ enum: DATES })
  @OfTypes({ needed: ['calendar'] })
  @IsIn(DATES)
  on?: (typeof DATES)[number];

  /** With `calendar`: only every so many years. Default 1. */
  @ApiPropertyOptional({ default: 1 })
  @OfTypes({ allowed: ['calendar'] })
  @IsWhole(1, MAX_EVERY_YEARS)
  everyYears?: number;

  /** With `calendar`: the day of common years for 29 February. Default `02-28`. */
  @ApiPropertyOptional({ enum: LEAP_DAYS, default: '02-28' })
  @OfTypes({ allowed: ['calendar'] })
  @IsIn(LEAP_DAYS)
  leapDay?: (typeof LEAP_DAYS)[number];
}

/** The trigger as it is published. */
export function ruleTriggerOf(dto: RuleTriggerDto | undefined): RuleTrigger {
  switch (dto?.type) {
    case undefined:
    case 'receipt':
      return RECEIPT_TRIGGER;
    case 'activity':
      return { type: 'activity', activity: dto.activity as string };
    case 'calendar':
      return {
        type: 'calendar',
        on: dto.on as 'birthday' | 'enrolment',
        everyYears: dto.everyYears ?? 1,
        leapDay: dto.leapDay ?? '02-28',
      };
  }
}

/** Fields of a rule that say something about a basket. */
interface AboutBaskets {
  readonly trigger?: RuleTriggerDto;
  readonly origin?: string;
  readonly basis?: unknown;
  readonly counts?: unknown;
  readonly lines?: unknown;
  readonly earnOnPointsPaid?: unknown;
  readonly amount: { readonly type: string };
  readonly limits?: readonly { readonly period: string }[];
}

/** Amounts that need no basket. */
const OF_OCCASIONS: readonly string[] = ['fixed', 'tierTable'];

/** What a rule says about a basket although its trigger brings none, and an origin that needs a sale. */
export function triggerFaults(dto: AboutBaskets): readonly FieldError[] {
  const { type } = ruleTriggerOf(dto.trigger);
  if (type === 'receipt') return originFaults(dto);
  const fault = (pointer: string): FieldError => ({
    pointer,
    code: 'NOT_FOR_TRIGGER',
    detail: `A rule with the trigger ${type} has no receipt to look at.`,
  });
  const limits = (dto.limits ?? []).flatMap(({ period }, index) =>
    period === 'purchase' || type === 'calendar' ? [fault(`/limits/${index}/period`)] : [],
  );
  return [
    ...(['basis', 'counts', 'lines', 'earnOnPointsPaid'] as const).flatMap((field) =>
      saysNothing(field, dto[field]) ? [] : [fault(`/${field}`)],
    ),
    ...(OF_OCCASIONS.includes(dto.amount.type) ? [] : [fault('/amount/type')]),
    ...(dto.origin === undefined || dto.origin === 'non_purchase' ? [] : [fault('/origin')]),
    ...limits,
  ];
}

/** Points that a receipt gives have an economic link to a sale (IFRS 15.B39), whatever the campaign is called. */
function originFaults({ origin }: AboutBaskets): readonly FieldError[] {
  if (origin !== 'non_purchase') return [];
  const detail =
    'Points that a receipt gives carry a part of its price. Use purchase, or purchase_conditional where the member has to do something else, too.';
  return [{ pointer: '/origin', code: 'ORIGIN_OF_A_SALE', detail }];
}

/** Whether a field says no more than leaving it out: a definition can be sent back as it was read. */
function saysNothing(field: 'basis' | 'counts' | 'lines' | 'earnOnPointsPaid', value: unknown): boolean {
  switch (field) {
    case 'basis':
      return value === undefined || value === 'gross';
    case 'earnOnPointsPaid':
      return value === undefined || value === false;
    case 'counts':
    case 'lines':
      return Object.values(value ?? {}).every(
        (part) => part === undefined || (Array.isArray(part) && part.length === 0),
      );
  }
}
