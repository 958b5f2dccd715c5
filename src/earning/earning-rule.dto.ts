import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsDefined,
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  ValidateBy,
  ValidateNested,
} from 'class-validator';
import { MAX_CONDITION_LENGTH } from '../conditions/index.js';
import { isDecimal, parseDecimal } from '../kernel/decimal.js';
import type { LineRevenue } from '../kernel/domain-events.js';
import { LINE_REVENUES } from '../kernel/points-paid.js';
import { wordForm } from '../kernel/texts.js';
import { formatInstant } from '../kernel/time.js';
import { IsName } from '../platform/http/name.js';
import { ExpiryPolicyDto, expiryPolicyOf } from '../platform/http/expiry-policy.dto.js';
import { AsItCame, IsInstant, IsWhole, OfTypes } from '../platform/http/fields.js';
import { IsKeyText } from '../platform/http/key-text.js';
import { instantOf } from '../platform/http/pagination.js';
import { invalid } from '../platform/http/validation.js';
import { PendingPolicyDto, pendingPolicyOf } from '../platform/http/pending-policy.dto.js';
import { conditionFaults } from './condition-faults.js';
import { RuleTriggerDto, ruleTriggerOf, triggerFaults } from './rule-trigger.dto.js';
import { MAX_LIMITS, RuleLimitDto, ruleLimitsOf } from './rule-limit.dto.js';
import { RuleScheduleDto, ruleScheduleOf } from './rule-schedule.dto.js';
import type { EarningRule } from './domain/earning-rule.js';

/** Categories one filter may list. */
export const MAX_CATEGORIES = 500;
const MAX_RULE_POINTS = 1_000_000;
const MAX_STEP_MINOR = 1_000_000_000;

function isFactor(factor: unknown): boolean {
  return typeof factor === 'string' && isDecimal(factor) && Number(factor) <= 1000;
}

/** A decimal factor up to 1000. */
function IsFactor(): PropertyDecorator {
  return ValidateBy({
    name: 'isFactor',
    validator: {
      validate: isFactor,
      defaultMessage: () => '$property must be a decimal factor up to 1000, such as "1.5"',
    },
  });
}

/** Decimal factors up to 1000 by tier key. */
function IsTierMultipliers(): PropertyDecorator {
  return ValidateBy({
    name: 'isTierMultipliers',
    validator: {
      validate: (value: unknown) =>
        value !== null &&
        typeof value === 'object' &&
        Object.keys(value).length <= 50 &&
        Object.values(value).every(isFactor),
      defaultMessage: () => '$property must name decimal factors up to 1000 by tier, such as {"gold": "1.5"}',
    },
  });
}

const AMOUNTS = ['perSpend', 'perUnit', 'basketBonus', 'fixed'] as const;

export class RuleAmountDto {
  /**
   * `perSpend`: points for each full step of money of the matching lines; `perUnit`: for each full quantity;
   * `basketBonus`: points once from a minimum on; `fixed`: points once.
   */
  @ApiProperty({ enum: AMOUNTS })
  @IsIn(AMOUNTS)
  type!: (typeof AMOUNTS)[number];

  @IsWhole(1, MAX_RULE_POINTS)
  points!: number;

  /** With `perSpend`: minor units of a step. */
  @OfTypes({ needed: ['perSpend'] })
  @IsWhole(1, MAX_STEP_MINOR)
  stepMinor?: number;

  /** With `perUnit`: pieces, kilograms, litres of a step, as a decimal string above 0. Default "1". */
  @ApiPropertyOptional({ example: '1' })
  @OfTypes({ allowed: ['perUnit'] })
  @ValidateBy({
    name: 'isQuantityStep',
    validator: {
      validate: (value) =>
        typeof value === 'string' && isDecimal(value) && parseDecimal(value).numerator > 0n,
      defaultMessage: () => '$property must be a decimal string above 0, such as "0.5"',
    },
  })
  perQuantity?: string;

  /** With `perSpend` and `perUnit`: factor by tier key; a tier that is not named has factor 1. */
  @ApiPropertyOptional({ type: 'object', additionalProperties: { type: 'string' }, example: { gold: '1.5' } })
  @IsOptional()
  @AsItCame()
  @IsObject()
  @IsTierMultipliers()
  tierMultipliers?: Record<string, string>;

  /** With `basketBonus`: minor units the matching lines must reach. */
  @OfTypes({ needed: ['basketBonus'] })
  @IsWhole(0, MAX_STEP_MINOR)
  minimumMinor?: number;
}

export class LineFilterDto {
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_CATEGORIES)
  @IsKeyText(100, { each: true })
  includeCategories?: string[];

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_CATEGORIES)
  @IsKeyText(100, { each: true })
  excludeCategories?: string[];

  /**
   * Only lines that are this to us. Default: `own` and `agent`, and of `none` (gift cards, deposits) those whose
   * category the rule includes.
   */
  @ApiPropertyOptional({ enum: LINE_REVENUES, isArray: true })
  @IsOptional()
  @IsArray()
  @ArrayUnique()
  @IsIn(LINE_REVENUES, { each: true })
  revenue?: LineRevenue[];

  /** What must hold of a line, in CEL, such as `line.quantity >= decimal("2")`. */
  @ApiPropertyOptional({ example: 'line.amountMinor >= 50000', maxLength: MAX_CONDITION_LENGTH })
  @IsOptional()
  @IsString()
  condition?: string;
}

export class EarningRuleDto {
  @IsName(200)
  name!: string;

  @IsOptional()
  @IsBoolean()
  active?: boolean;

  /** What makes the rule be looked at. Default: a receipt. */
  @IsOptional()
  @ValidateNested()
  @Type(() => RuleTriggerDto)
  trigger?: RuleTriggerDto;

  /**
   * `purchase` points carry deferred revenue, `non_purchase` points none. Default: `purchase` for receipts, else
   * `non_purchase`.
   */
  @IsOptional()
  @IsIn(['purchase', 'non_purchase'])
  origin?: 'purchase' | 'non_purchase';

  /** What must hold of the receipt, in CEL (docs/conditions.md), such as `receipt.channel == "web"`. */
  @ApiPropertyOptional({
    example: 'time.weekday in [6, 7] && member.tier == "gold"',
    maxLength: MAX_CONDITION_LENGTH,
  })
  @IsOptional()
  @IsString()
  condition?: string;

  /** `gross` counts what the customer paid, `net` without the tax in it. */
  @IsOptional()
  @IsIn(['gross', 'net'])
  basis?: 'gross' | 'net';

  @IsDefined()
  @ValidateNested()
  @Type(() => RuleAmountDto)
  amount!: RuleAmountDto;

  /** Factor on whatever the amount gives, with the tier's if there is one; rounded down once. Default "1". */
  @ApiPropertyOptional({ example: '1.5' })
  @IsOptional()
  @IsFactor()
  multiplier?: string;

  @IsOptional()
  @ValidateNested()
  @Type(() => LineFilterDto)
  lines?: LineFilterDto;

  /** Whether the part of a receipt that points paid as a tender earns like the rest. Default false. */
  @IsOptional()
  @IsBoolean()
  earnOnPointsPaid?: boolean;

  /** The most the rule gives a member, by period; each period once. */
  @ApiPropertyOptional({ type: [RuleLimitDto] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_LIMITS)
  @ArrayUnique((limit: RuleLimitDto) => limit?.period, { message: 'each period may have one limit' })
  @ValidateNested({ each: true })
  @Type(() => RuleLimitDto)
  limits?: RuleLimitDto[];

  /** Overrides the tier's and the programme's. */
  @IsOptional()
  @ValidateNested()
  @Type(() => ExpiryPolicyDto)
  expiry?: ExpiryPolicyDto;

  /** How long the points wait before they may be spent; overrides the programme's. */
  @IsOptional()
  @ValidateNested()
  @Type(() => PendingPolicyDto)
  pending?: PendingPolicyDto;

  /** Weekdays, hours, recurrences and black-outs, in the programme's zone. Default: always. */
  @IsOptional()
  @ValidateNested()
  @Type(() => RuleScheduleDto)
  schedule?: RuleScheduleDto;

  /** Exclusive. */
  @IsOptional()
  @IsInstant()
  endsAt?: string;
}

/** The rule as it is published. @throws ProblemException VALIDATION_FAILED for faults between fields. */
export function earningRuleOf(dto: EarningRuleDto): EarningRule {
  const endsAt = instantOf(dto.endsAt);
  const trigger = ruleTriggerOf(dto.trigger);
  const isReceipt = trigger.type === 'receipt';
  const faults = [...triggerFaults(dto), ...conditionFaults({ ...dto, trigger })];
  if (faults.length > 0) throw invalid(faults);
  requireApart(dto.lines?.includeCategories ?? [], dto.lines?.excludeCategories ?? []);
  const ends = endsAt === null ? null : formatInstant(endsAt);
  return {
    name: dto.name,
    active: dto.active ?? true,
    ...(isReceipt ? {} : { trigger }),
    origin: dto.origin ?? (isReceipt ? 'purchase' : 'non_purchase'),
    condition: dto.condition ?? null,
    basis: dto.basis ?? 'gross',
    amount: amountOf(dto.amount),
    multiplier: dto.multiplier ?? null,
    lines: {
      includeCategories: dto.lines?.includeCategories ?? [],
      excludeCategories: dto.lines?.excludeCategories ?? [],
      ...(dto.lines?.revenue ? { revenue: dto.lines.revenue } : {}),
      ...(dto.lines?.condition ? { condition: dto.lines.condition } : {}),
    },
    earnOnPointsPaid: dto.earnOnPointsPaid ?? false,
    limits: ruleLimitsOf(dto.limits ?? [], '/limits'),
    expiry: dto.expiry ? expiryPolicyOf(dto.expiry, '/expiry') : null,
    pending: dto.pending ? pendingPolicyOf(dto.pending) : null,
    ...(dto.schedule ? { schedule: ruleScheduleOf(dto.schedule, ends) } : {}),
    endsAt: ends,
  };
}

/** An exclusion beats an inclusion, so a name in both lists is a mistake. */
function requireApart(included: readonly string[], excluded: readonly string[]): void {
  const both = new Set(included.map(wordForm));
  const faults = [...excluded.entries()].filter(([, category]) => both.has(wordForm(category)));
  if (faults.length === 0) return;
  throw invalid(
    faults.map(([index, category]) => ({
      pointer: `/lines/excludeCategories/${index}`,
      code: 'INCLUDED_AND_EXCLUDED',
      detail: `${category} is in includeCategories as well.`,
    })),
  );
}

function amountOf(dto: RuleAmountDto): EarningRule['amount'] {
  const { type, points } = dto;
  const tierMultipliers = dto.tierMultipliers ?? {};
  switch (type) {
    case 'perSpend':
      return { type, points, stepMinor: dto.stepMinor as number, tierMultipliers };
    case 'perUnit':
      return { type, points, perQuantity: dto.perQuantity ?? '1', tierMultipliers };
    case 'fixed':
      return { type, points };
    case 'basketBonus':
      return { type, points, minimumMinor: dto.minimumMinor as number };
  }
}
