import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import type { FieldError } from '../kernel/problem.js';
import { OfTypes } from '../platform/http/fields.js';
import { IsKeyText } from '../platform/http/key-text.js';
import { RECEIPT_TRIGGER, type RuleTrigger } from './domain/rule-trigger.js';

const TRIGGERS = ['receipt', 'activity'] as const;

export class RuleTriggerDto {
  /** `receipt`: a receipt of the member; `activity`: an activity of a declared type. */
  @ApiProperty({ enum: TRIGGERS })
  @IsIn(TRIGGERS)
  type!: (typeof TRIGGERS)[number];

  /** With `activity`: the key of the activity type. */
  @ApiPropertyOptional({ example: 'review' })
  @OfTypes({ needed: ['activity'] })
  @IsKeyText(100)
  activity?: string;
}

/** The trigger as it is published. */
export function ruleTriggerOf(dto: RuleTriggerDto | undefined): RuleTrigger {
  switch (dto?.type) {
    case undefined:
    case 'receipt':
      return RECEIPT_TRIGGER;
    case 'activity':
      return { type: 'activity', activity: dto.activity as string };
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
    period === 'purchase' ? [fault(`/limits/${index}/period`)] : [],
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
