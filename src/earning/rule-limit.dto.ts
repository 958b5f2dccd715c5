import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { MAX_POINTS } from '../kernel/points.js';
import { IsWhole } from '../platform/http/fields.js';
import { invalid } from '../platform/http/validation.js';
import type { RuleLimit } from './domain/earning-rule.js';

/** Limits one rule may have. */
export const MAX_LIMITS = 10;
const MAX_TIMES = 1_000_000;
const PERIODS = ['purchase', 'day', 'week', 'month', 'quarter', 'year', 'total'] as const;

export class RuleLimitDto {
  /** One receipt, a calendar period in the programme's zone (weeks begin on Monday), or for ever. */
  @ApiProperty({ enum: PERIODS })
  @IsIn(PERIODS)
  period!: (typeof PERIODS)[number];

  /** The most points. */
  @IsOptional()
  @IsWhole(1, MAX_POINTS)
  points?: number;

  /** The most receipts that get points; not with `purchase`. */
  @IsOptional()
  @IsWhole(1, MAX_TIMES)
  times?: number;

  /** `truncate` (default) cuts points that go beyond the limit, `refuse` gives none of that receipt's. */
  @ApiPropertyOptional({ enum: ['truncate', 'refuse'] })
  @IsOptional()
  @IsIn(['truncate', 'refuse'])
  onExceed?: 'truncate' | 'refuse';
}

/** @throws ProblemException VALIDATION_FAILED for a limit of nothing, or of the times of one receipt. */
export function ruleLimitsOf(limits: readonly RuleLimitDto[], pointer: string): readonly RuleLimit[] {
  return limits.map(({ period, points = null, times = null, onExceed = 'truncate' }, index) => {
    if (points === null && times === null) {
      const detail = 'A limit needs points, times or both.';
      throw invalid([{ pointer: `${pointer}/${index}`, code: 'NO_LIMIT', detail }]);
    }
    if (period === 'purchase' && times !== null) {
      const detail = 'A rule gives points once a receipt. Limit the times by another period.';
      throw invalid([{ pointer: `${pointer}/${index}/times`, code: 'TIMES_PER_PURCHASE', detail }]);
    }
    return { period, points, times, ...(onExceed === 'refuse' ? { onExceed } : {}) };
  });
}
