import { IsIn, ValidateIf } from 'class-validator';
import type { ExpiryPolicy } from '../../kernel/expiry-policy.js';
import { IsWhole } from './fields.js';

export class ExpiryPolicyDto {
  @IsIn(['never', 'days', 'months'])
  type!: 'never' | 'days' | 'months';

  /** With type `days`. */
  @ValidateIf(({ type, days }: ExpiryPolicyDto) => type === 'days' || days !== undefined)
  @IsWhole(1, 36_500)
  days?: number;

  /** With type `months`. */
  @ValidateIf(({ type, months }: ExpiryPolicyDto) => type === 'months' || months !== undefined)
  @IsWhole(1, 1200)
  months?: number;
}

export function expiryPolicyOf({ type, days, months }: ExpiryPolicyDto): ExpiryPolicy {
  if (type === 'days') return { type, days: days as number };
  if (type === 'months') return { type, months: months as number };
  return { type: 'never' };
}
