import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsOptional, ValidateBy } from 'class-validator';
import { isDecimal, parseDecimal, type Rational } from '../kernel/decimal.js';
import type { LineRevenue } from '../kernel/domain-events.js';
import { LINE_REVENUES } from '../kernel/points-paid.js';
import { keyForm, keyTextFault, wordForm } from '../kernel/texts.js';
import { AsItCame } from '../platform/http/fields.js';
import { IsKeyText } from '../platform/http/key-text.js';
import type { AccountingPolicy } from './domain/accounting-policy.js';
import { ACCOUNT_ROLES, type AccountRole } from './domain/chart-of-accounts.js';

const MAX_ACCOUNT_CODE = 60;
/** Categories that may have a default, and the length of their names. */
const MAX_REVENUE_CATEGORIES = 500;
const MAX_CATEGORY = 100;

/** A decimal string within bounds that its message states. */
function IsDecimalThat(
  name: string,
  bounds: string,
  within: (value: Rational) => boolean,
): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ type: String, pattern: '^\\d{1,15}(\\.\\d{1,12})?$' }),
    ValidateBy({
      name,
      validator: {
        validate: (value) => typeof value === 'string' && isDecimal(value) && within(parseDecimal(value)),
        defaultMessage: () => `$property must be a decimal string ${bounds}`,
      },
    }),
  );
}

/** Ledger accounts by known role. */
function IsAccountMap(): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({
      type: 'object',
      additionalProperties: { type: 'string' },
      example: { CL_POINTS: '2130-10' },
    }),
    AsItCame(),
    ValidateBy({
      name: 'isAccountMap',
      validator: {
        validate: isAccountMap,
        defaultMessage: () =>
          `$property must name account codes of 1 to ${MAX_ACCOUNT_CODE} characters by role: ${ACCOUNT_ROLES.join(', ')}`,
      },
    }),
  );
}

function isAccountMap(value: unknown): boolean {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false;
  return Object.entries(value).every(
    ([role, code]) =>
      ACCOUNT_ROLES.includes(role as AccountRole) &&
      typeof code === 'string' &&
      code === keyForm(code) &&
      keyTextFault(code, MAX_ACCOUNT_CODE) === null,
  );
}

/** What lines are to us, by category. */
function IsRevenueMap(): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({
      type: 'object',
      additionalProperties: { type: 'string', enum: [...LINE_REVENUES] },
      example: { 'gift-card': 'none' },
    }),
    AsItCame(),
    ValidateBy({
      name: 'isRevenueMap',
      validator: {
        validate: isRevenueMap,
        defaultMessage: () =>
          `$property must name ${LINE_REVENUES.join(', ')} by category, each once in whatever case, at most ${MAX_REVENUE_CATEGORIES} of 1 to ${MAX_CATEGORY} characters`,
      },
    }),
  );
}

function isRevenueMap(value: unknown): boolean {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false;
  const entries = Object.entries(value);
  return (
    entries.length <= MAX_REVENUE_CATEGORIES &&
    new Set(entries.map(([category]) => wordForm(category))).size === entries.length &&
    entries.every(
      ([category, revenue]) =>
        category === keyForm(category) &&
        keyTextFault(category, MAX_CATEGORY) === null &&
        LINE_REVENUES.includes(revenue as LineRevenue),
    )
  );
}

export class AccountingPolicyDto {
  /** Legal entity the entries are for; it stays the same in every version. */
  @IsKeyText(100)
  entity!: string;

  /** Relative stand-alone selling price (IFRS 15.74, 76). */
  @IsOptional()
  @IsIn(['relative_ssp'])
  method?: 'relative_ssp';

  /** Major currency units a point is worth to a member. */
  @IsDecimalThat('isPointValue', 'above 0 such as "0.5"', ({ numerator }) => numerator > 0n)
  valuePerPoint!: string;

  /** Share of points expected to be redeemed, from history and approved; "1" while there is none. */
  @IsDecimalThat(
    'isProbability',
    'above 0 and at most 1 such as "0.9"',
    ({ numerator, denominator }) => numerator > 0n && numerator <= denominator,
  )
  redemptionProbability!: string;

  /** Whether `valuePerPoint` contains tax at `taxRate`, to be taken out. Default: as published before, at first false. */
  @IsOptional()
  @IsBoolean()
  valueIncludesTax?: boolean;

  /** 0.05 for 5 %. Default: as published before, at first 0. */
  @IsOptional()
  @IsDecimalThat(
    'isTaxRate',
    'below 1 such as "0.05"',
    ({ numerator, denominator }) => numerator < denominator,
  )
  taxRate?: string;

  /** Ledger accounts where they differ from the default chart. Default: as published before. */
  @IsOptional()
  @IsAccountMap()
  accounts?: Partial<Record<AccountRole, string>>;

  /**
   * What lines of a category are to us where the line does not say: `own`, `none` (gift cards, deposits, bills), or
   * `agent` (then each such line must carry its commission). Default: as published before.
   */
  @IsOptional()
  @IsRevenueMap()
  revenueByCategory?: Record<string, LineRevenue>;
}

/**
 * The policy as it is published. What it does not say stays as it was: an estimate that changes takes neither the tax
 * nor the accounts with it.
 * @param before the latest version that was published; undefined before the first.
 */
export function accountingPolicyOf(
  dto: AccountingPolicyDto,
  before: AccountingPolicy | undefined,
): AccountingPolicy {
  const revenueByCategory = dto.revenueByCategory ?? before?.revenueByCategory;
  return {
    entity: dto.entity,
    method: dto.method ?? before?.method ?? 'relative_ssp',
    valuePerPoint: dto.valuePerPoint,
    redemptionProbability: dto.redemptionProbability,
    valueIncludesTax: dto.valueIncludesTax ?? before?.valueIncludesTax ?? false,
    taxRate: dto.taxRate ?? before?.taxRate ?? '0',
    accounts: dto.accounts ?? before?.accounts ?? {},
    ...(revenueByCategory ? { revenueByCategory } : {}),
  };
}
