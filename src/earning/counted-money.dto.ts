import { ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsIn, IsOptional } from 'class-validator';
import { wordForm } from '../kernel/texts.js';
import { IsKeyText } from '../platform/http/key-text.js';
import { invalid } from '../platform/http/validation.js';
import type { CountedMoney } from './domain/earning-rule.js';

/** Tenders that a rule may name. */
export const MAX_NAMED_TENDERS = 50;

export class CountedMoneyDto {
  /**
   * `after` (default): what lines cost less what coupons paid; `before`: lines at their list price where they have one,
   * and what coupons paid counts, too.
   */
  @ApiPropertyOptional({ enum: ['before', 'after'] })
  @IsOptional()
  @IsIn(['before', 'after'])
  discounts?: 'before' | 'after';

  /** Only what was paid with these tenders, such as `["px_pay"]`; not together with `withoutTenders`. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_NAMED_TENDERS)
  @IsKeyText(100, { each: true })
  onlyTenders?: string[];

  /** Only what was not paid with these tenders, such as `["gift_card"]`. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_NAMED_TENDERS)
  @IsKeyText(100, { each: true })
  withoutTenders?: string[];
}

/** @throws ProblemException VALIDATION_FAILED for parts that contradict each other. */
export function countedMoneyOf(
  dto: CountedMoneyDto | null | undefined,
  pointer: string,
): CountedMoney | null {
  if (!dto) return null;
  const { discounts = 'after', onlyTenders = [], withoutTenders = [] } = dto;
  if (onlyTenders.length > 0 && withoutTenders.length > 0) {
    const detail = 'Name the tenders that count or those that do not, not both.';
    throw invalid([{ pointer: `${pointer}/withoutTenders`, code: 'ONE_OF', detail }]);
  }
  if (discounts === 'before' && onlyTenders.length > 0) {
    const detail =
      'What a discount took off was paid with no tender; count after discounts, or name no tenders.';
    throw invalid([{ pointer: `${pointer}/discounts`, code: 'DISCOUNT_HAS_NO_TENDER', detail }]);
  }
  const names = (tenders: readonly string[]) => [...new Set(tenders.map(wordForm))];
  const isDefault = discounts === 'after' && onlyTenders.length + withoutTenders.length === 0;
  if (isDefault) return null;
  return { discounts, onlyTenders: names(onlyTenders), withoutTenders: names(withoutTenders) };
}
