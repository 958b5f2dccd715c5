import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsDefined, IsIn, ValidateNested } from 'class-validator';
import type { FieldError } from '../kernel/problem.js';
import { IsWhole, OfTypes } from '../platform/http/fields.js';
import { IsKeyText } from '../platform/http/key-text.js';
import { invalid } from '../platform/http/validation.js';
import { WindowDto, windowOf } from '../platform/http/window.dto.js';
import { RECEIPT_TRIGGER, type MilestoneWindow, type RuleTrigger } from './domain/rule-trigger.js';

const TRIGGERS = ['receipt', 'activity', 'calendar', 'milestone', 'promotion', 'registration'] as const;
const DATES = ['birthday', 'enrolment'] as const;
const LEAP_DAYS = ['02-28', '03-01'] as const;
const MAX_EVERY_YEARS = 100;
const MEASURES = ['visits', 'purchases', 'spend'] as const;
const MAX_STEP = 1_000_000_000_000;
const MAX_FIRST = 1_000_000;

export class RuleTriggerDto {
  /**
   * `receipt`: a receipt of the member; `activity`: an activity of a declared type; `calendar`: an anniversary;
   * `milestone`: each full step of what the member did in a period; `promotion`: a promotion to a tier;
   * `registration`: the registration for a campaign.
   */
  @ApiProperty({ enum: TRIGGERS })
  @IsIn(TRIGGERS)
  type!: (typeof TRIGGERS)[number];

  /** With `activity`: the key of the activity type. */
  @ApiPropertyOptional({ example: 'review' })
  @OfTypes({ needed: ['activity'] })
  @IsKeyText(100)
  activity?: string;

  /** With `registration`: the key of the campaign. */
  @ApiPropertyOptional({ example: 'spring' })
  @OfTypes({ needed: ['registration'] })
  @IsKeyText(60)
  campaign?: string;

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

  /**
   * With `milestone`: `visits` counts days with a purchase, `purchases` receipts that were not returned whole, `spend`
   * minor units with tax, less what was returned.
   */
  @ApiPropertyOptional({ enum: MEASURES })
  @OfTypes({ needed: ['milestone'] })
  @IsIn(MEASURES)
  measure?: (typeof MEASURES)[number];

  /** With `milestone`: the periods, each of which begins at 0: `calendar`, `membershipYear` or `lifetime`. */
  @ApiPropertyOptional({ type: WindowDto })
  @OfTypes({ needed: ['milestone'] })
  @IsDefined()
  @ValidateNested()
  @Type(() => WindowDto)
  window?: WindowDto;

  /** With `milestone`: how much of the measure one step is. */
  @OfTypes({ needed: ['milestone'] })
  @IsWhole(1, MAX_STEP)
  step?: number;

  /** With `milestone`: the most steps of one period. Default: all. */
  @OfTypes({ allowed: ['milestone'] })
  @IsWhole(1, MAX_FIRST)
  first?: number;

  /** With `promotion`: the key of the tier that is reached or passed. Left out: once for each promotion. */
  @ApiPropertyOptional({ example: 'gold' })
  @OfTypes({ allowed: ['promotion'] })
  @IsKeyText(100)
  tier?: string;
}

/** The trigger as it is published. */
export function ruleTriggerOf(dto: RuleTriggerDto | undefined): RuleTrigger {
  switch (dto?.type) {
    case undefined:
    case 'receipt':
      return RECEIPT_TRIGGER;
    case 'activity':
      return { type: 'activity', activity: dto.activity as string };
    case 'registration':
      return { type: 'registration', campaign: dto.campaign as string };
    case 'calendar':
      return {
        type: 'calendar',
        on: dto.on as 'birthday' | 'enrolment',
        everyYears: dto.everyYears ?? 1,
        leapDay: dto.leapDay ?? '02-28',
      };
    case 'milestone':
      return {
        type: 'milestone',
        measure: dto.measure as (typeof MEASURES)[number],
        window: milestoneWindow(dto.window as WindowDto),
        step: dto.step as number,
        ...(dto.first === undefined ? {} : { first: dto.first }),
      };
    case 'promotion':
      return { type: 'promotion', ...(dto.tier === undefined ? {} : { tier: dto.tier }) };
  }
}

/** Whole steps need periods of which each day belongs to one. */
function milestoneWindow(dto: WindowDto): MilestoneWindow {
  const window = windowOf(dto, '/trigger/window');
  if (window.type !== 'rolling' && window.type !== 'sinceTier') return window;
  const detail =
    'Steps are counted over calendar periods, membership years or for ever: windows that do not overlap.';
  throw invalid([{ pointer: '/trigger/window/type', code: 'WINDOW_NOT_FOR_MILESTONES', detail }]);
}

/** Fields of a rule that say something about a basket. */
interface AboutBaskets {
  readonly trigger?: RuleTriggerDto;
  readonly origin?: string;
  readonly basis?: unknown;
  readonly counts?: unknown;
  readonly lines?: unknown;
  readonly earnOnPointsPaid?: unknown;
  readonly campaign?: string;
  readonly amount: { readonly type: string };
  readonly limits?: readonly { readonly period: string }[];
  readonly condition?: string;
  readonly multiplier?: string;
  readonly coolDown?: unknown;
  readonly group?: unknown;
  readonly exclusive?: boolean;
  readonly schedule?: unknown;
}

const OF_BASKETS = ['basis', 'counts', 'lines', 'earnOnPointsPaid'] as const;
/** Amounts that need no basket. */
const OF_OCCASIONS: readonly string[] = ['fixed', 'tierTable'];

/** What a rule says about a basket although its trigger brings none, and an origin that needs a sale. */
export function triggerFaults(dto: AboutBaskets): readonly FieldError[] {
  const { type } = ruleTriggerOf(dto.trigger);
  if (type === 'receipt') return originFaults(dto);
  const campaign = dto.campaign === undefined || type === 'activity' ? [] : [ofNoCampaign(type)];
  if (type === 'milestone') return [...originFaults(dto), ...milestoneFaults(dto), ...campaign];
  const fault = (pointer: string): FieldError => ({
    pointer,
    code: 'NOT_FOR_TRIGGER',
    detail: `A rule with the trigger ${type} has no receipt to look at.`,
  });
  const limits = (dto.limits ?? []).flatMap(({ period }, index) =>
    isLimitFor(type, period) ? [] : [fault(`/limits/${index}/period`)],
  );
  return [
    ...OF_BASKETS.flatMap((field) => (saysNothing(field, dto[field]) ? [] : [fault(`/${field}`)])),
    ...campaign,
    ...(OF_OCCASIONS.includes(dto.amount.type) ? [] : [fault('/amount/type')]),
    ...(dto.origin === undefined || dto.origin === 'non_purchase' ? [] : [fault('/origin')]),
    ...limits,
    ...(dto.coolDown && !isLimitFor(type, 'day') ? [fault('/coolDown')] : []),
  ];
}

/** Which limits a rule without a receipt may have: days of others are not loaded where a date or a promotion comes late. */
function isLimitFor(type: string, period: string): boolean {
  if (type === 'calendar') return false;
  return type === 'promotion' ? period === 'total' : period !== 'purchase';
}

function ofNoCampaign(type: string): FieldError {
  const detail = `A rule with the trigger ${type} is for members whether they registered for a campaign or not.`;
  return { pointer: '/campaign', code: 'NOT_FOR_TRIGGER', detail };
}

/** Points that a receipt gives have an economic link to a sale (IFRS 15.B39), whatever the campaign is called. */
function originFaults({ origin }: AboutBaskets): readonly FieldError[] {
  if (origin !== 'non_purchase') return [];
  const detail =
    'Points that a receipt gives carry a part of its price. Use purchase, or purchase_conditional where the member has to do something else, too.';
  return [{ pointer: '/origin', code: 'ORIGIN_OF_A_SALE', detail }];
}

/**
 * What would make a step of a milestone give something else than its amount: a step belongs to all receipts of a
 * period, whichever of them reached it.
 */
function milestoneFaults(dto: AboutBaskets): readonly FieldError[] {
  const detail =
    'A milestone counts all that the member did and gives one fixed amount for each step. Use `first` for the most steps.';
  const fault = (pointer: string): FieldError => ({ pointer, code: 'NOT_FOR_TRIGGER', detail });
  const isSaid = {
    condition: (dto.condition ?? null) !== null,
    multiplier: (dto.multiplier ?? '1') !== '1',
    limits: (dto.limits ?? []).length > 0,
    coolDown: (dto.coolDown ?? null) !== null,
    group: (dto.group ?? null) !== null,
    exclusive: dto.exclusive === true,
    schedule: (dto.schedule ?? null) !== null,
    ...Object.fromEntries(OF_BASKETS.map((field) => [field, !saysNothing(field, dto[field])])),
  };
  const said = Object.entries(isSaid).filter(([, is]) => is);
  return [
    ...said.map(([field]) => fault(`/${field}`)),
    ...(dto.amount.type === 'fixed' ? [] : [fault('/amount/type')]),
  ];
}

/** Whether a field says no more than leaving it out: a definition can be sent back as it was read. */
function saysNothing(field: (typeof OF_BASKETS)[number], value: unknown): boolean {
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
