import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsDefined,
  IsIn,
  IsOptional,
  IsString,
  ValidateBy,
  ValidateNested,
} from 'class-validator';
import { MAX_CONDITION_LENGTH } from '../conditions/index.js';
import type { LineRevenue } from '../kernel/domain-events.js';
import { LINE_REVENUES } from '../kernel/points-paid.js';
import { ROUNDING_MODES, type RoundingMode } from '../kernel/rational.js';
import { wordForm } from '../kernel/texts.js';
import { formatInstant } from '../kernel/time.js';
import { IsName } from '../platform/http/name.js';
import { ExpiryPolicyDto, expiryPolicyOf } from '../platform/http/expiry-policy.dto.js';
import { IsInstant, IsWhole } from '../platform/http/fields.js';
import { IsKeyText } from '../platform/http/key-text.js';
import { instantOf } from '../platform/http/pagination.js';
import { invalid } from '../platform/http/validation.js';
import { PendingPolicyDto, pendingPolicyOf } from '../platform/http/pending-policy.dto.js';
import { conditionFaults } from './condition-faults.js';
import { RuleTriggerDto, ruleTriggerOf, triggerFaults } from './rule-trigger.dto.js';
import { CountedMoneyDto, countedMoneyOf } from './counted-money.dto.js';
import { RuleBudgetDto, ruleBudgetOf } from './rule-budget.dto.js';
import { limitKey, MAX_LIMITS, RuleLimitDto, ruleLimitsOf } from './rule-limit.dto.js';
import { RuleScheduleDto, ruleScheduleOf } from './rule-schedule.dto.js';
import { isFactor, RuleAmountDto, ruleAmountOf } from './rule-amount.dto.js';
import { CoolDownDto } from './cool-down.dto.js';
import { RuleGroupDto } from './rule-group.dto.js';
import { GIVES, type Gives } from './domain/gives.js';
import { givesFaults } from './gives.dto.js';
import type { EarningRule } from './domain/earning-rule.js';
import { isAlwaysWhole, type RuleAmount } from './domain/rule-amount.js';

/** Categories one filter may list. */
export const MAX_CATEGORIES = 500;
const ORIGINS = ['purchase', 'purchase_conditional', 'non_purchase'] as const;
const MAX_ORDER = 10_000;

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
   * `points`; `status`: status points, which count for ladders and cannot be spent; `both`: as many of each. Default
   * `points`.
   */
  @ApiPropertyOptional({ enum: GIVES })
  @IsOptional()
  @IsIn(GIVES)
  gives?: Gives;

  /**
   * `purchase` points are given for the sale itself, `purchase_conditional` for a sale together with something done
   * elsewhere, such as a registration; both carry deferred revenue. `non_purchase` points carry none, and no receipt
   * gives them.
   */
  @ApiPropertyOptional({ enum: ORIGINS })
  @IsOptional()
  @IsIn(ORIGINS)
  origin?: (typeof ORIGINS)[number];

  /** Key of a campaign: the rule is for members who registered for it, and for what counts for it. Default: for all. */
  @ApiPropertyOptional({ example: 'spring' })
  @IsOptional()
  @IsKeyText(60)
  campaign?: string;

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

  /** Which money counts beside the tax: before or after discounts, without or only with named tenders. */
  @IsOptional()
  @ValidateNested()
  @Type(() => CountedMoneyDto)
  counts?: CountedMoneyDto;

  @IsDefined()
  @ValidateNested()
  @Type(() => RuleAmountDto)
  amount!: RuleAmountDto;

  /** Factor on whatever the amount gives, with the tier's if there is one. Default "1". */
  @ApiPropertyOptional({ example: '1.5' })
  @IsOptional()
  @IsFactor()
  multiplier?: string;

  /** How the figure becomes whole points, once, after all factors. Default `floor`. */
  @ApiPropertyOptional({ enum: ROUNDING_MODES })
  @IsOptional()
  @IsIn(ROUNDING_MODES)
  rounding?: RoundingMode;

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
  @ArrayUnique((limit: RuleLimitDto) => limit && limitKey(limit), {
    message: 'each period may have one limit',
  })
  @ValidateNested({ each: true })
  @Type(() => RuleLimitDto)
  limits?: RuleLimitDto[];

  /** For how many days the rule gives a member nothing again once it gave points. Default: none. */
  @IsOptional()
  @ValidateNested()
  @Type(() => CoolDownDto)
  coolDown?: CoolDownDto;

  /** Rules that do not simply add up. Default: none. */
  @IsOptional()
  @ValidateNested()
  @Type(() => RuleGroupDto)
  group?: RuleGroupDto;

  /** Where this rule gives, no other one does. Default false. */
  @IsOptional()
  @IsBoolean()
  exclusive?: boolean;

  /** Lower ones come first, of equal ones the lower key. Default 0. */
  @IsOptional()
  @IsWhole(0, MAX_ORDER)
  order?: number;

  /** The budget that its awards draw on, with those of other rules. */
  @IsOptional()
  @ValidateNested()
  @Type(() => RuleBudgetDto)
  budget?: RuleBudgetDto;

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
  const isOfSale = isReceipt || trigger.type === 'milestone';
  const faults = [...triggerFaults(dto), ...givesFaults(dto), ...conditionFaults({ ...dto, trigger })];
  if (faults.length > 0) throw invalid(faults);
  const amount = ruleAmountOf(dto.amount, '/amount');
  requireSense(dto, amount);
  requireApart(dto.lines?.includeCategories ?? [], dto.lines?.excludeCategories ?? []);
  const ends = endsAt === null ? null : formatInstant(endsAt);
  return {
    name: dto.name,
    active: dto.active ?? true,
    ...(isReceipt ? {} : { trigger }),
    ...(dto.gives && dto.gives !== 'points' ? { gives: dto.gives } : {}),
    ...(dto.campaign === undefined ? {} : { campaign: dto.campaign }),
    origin: dto.origin ?? originOf(isOfSale, dto.campaign),
    condition: dto.condition ?? null,
    basis: dto.basis ?? 'gross',
    counts: countedMoneyOf(dto.counts, '/counts'),
    amount,
    multiplier: dto.multiplier ?? null,
    rounding: dto.rounding ?? 'floor',
    lines: {
      includeCategories: dto.lines?.includeCategories ?? [],
      excludeCategories: dto.lines?.excludeCategories ?? [],
      ...(dto.lines?.revenue ? { revenue: dto.lines.revenue } : {}),
      ...(dto.lines?.condition ? { condition: dto.lines.condition } : {}),
    },
    earnOnPointsPaid: dto.earnOnPointsPaid ?? false,
    limits: ruleLimitsOf(dto.limits ?? [], '/limits'),
    coolDown: dto.coolDown ? { days: dto.coolDown.days } : null,
    group: dto.group ? { key: dto.group.key, combine: dto.group.combine } : null,
    exclusive: dto.exclusive ?? false,
    order: dto.order ?? 0,
    ...(dto.budget ? { budget: ruleBudgetOf(dto.budget) } : {}),
    expiry: dto.expiry ? expiryPolicyOf(dto.expiry, '/expiry') : null,
    pending: dto.pending ? pendingPolicyOf(dto.pending) : null,
    ...(dto.schedule ? { schedule: ruleScheduleOf(dto.schedule, ends) } : {}),
    endsAt: ends,
  };
}

/** What points are that a rule does not name: "register, then spend 3,000" is a sale and something else. */
function originOf(isOfSale: boolean, campaign: string | undefined): EarningRule['origin'] {
  if (!isOfSale) return 'non_purchase';
  return campaign === undefined ? 'purchase' : 'purchase_conditional';
}

/** What a rule says and cannot mean. */
function requireSense(dto: EarningRuleDto, amount: RuleAmount): void {
  const { rounding = 'floor', multiplier } = dto;
  if (rounding !== 'floor' && (multiplier ?? null) === null && isAlwaysWhole(amount)) {
    const detail =
      'The figure is always whole, so nothing is rounded. Count steps exactly, or give the rule a factor.';
    throw invalid([{ pointer: '/rounding', code: 'NOTHING_TO_ROUND', detail }]);
  }
  if (amount.type === 'multiplierOnBase' && dto.counts) {
    const detail = 'A multiple of points counts no money. The rules that it multiplies do.';
    throw invalid([{ pointer: '/counts', code: 'NO_MONEY_COUNTED', detail }]);
  }
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
