import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsDefined, IsIn, IsOptional, ValidateIf, ValidateNested } from 'class-validator';
import { MAX_POINTS } from '../kernel/points.js';
import { IsWhole } from '../platform/http/fields.js';
import { WindowDto, windowOf } from '../platform/http/window.dto.js';
import { invalid } from '../platform/http/validation.js';
import type { RuleLimit } from './domain/earning-rule.js';

/** Limits one rule may have. */
export const MAX_LIMITS = 10;
const MAX_TIMES = 1_000_000;
const PERIODS = ['purchase', 'day', 'week', 'month', 'quarter', 'year', 'total', 'window'] as const;

export class RuleLimitDto {
  /** One receipt, a calendar period in the programme's zone (weeks begin on Monday), a window, or for ever. */
  @ApiProperty({ enum: PERIODS })
  @IsIn(PERIODS)
  period!: (typeof PERIODS)[number];

  /** With `window`: a calendar period, rolling days or months that end with the receipt's day, or for ever. */
  @ApiPropertyOptional({ type: WindowDto })
  @ValidateIf(({ period, window }: RuleLimitDto) => period === 'window' || window !== undefined)
  @IsDefined()
  @ValidateNested()
  @Type(() => WindowDto)
  window?: WindowDto;

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
  return limits.map(({ period, points = null, times = null, onExceed = 'truncate', window }, index) => {
    if (points === null && times === null) {
      const detail = 'A limit needs points, times or both.';
      throw invalid([{ pointer: `${pointer}/${index}`, code: 'NO_LIMIT', detail }]);
    }
    if (period === 'purchase' && times !== null) {
      const detail = 'A rule gives points once a receipt. Limit the times by another period.';
      throw invalid([{ pointer: `${pointer}/${index}/times`, code: 'TIMES_PER_PURCHASE', detail }]);
    }
    const over =
      period === 'window' || window ? limitWindow(period, window, `${pointer}/${index}/window`) : {};
    return { period, ...over, points, times, ...(onExceed === 'refuse' ? { onExceed } : {}) };
  });
}

/** The window of a limit. What a window needs to know of the member beyond the day is not loaded for it. */
function limitWindow(
  period: RuleLimit['period'],
  dto: WindowDto | undefined,
  pointer: string,
): Pick<RuleLimit, 'window'> {
  if (period !== 'window') {
    const detail = 'Only a limit with the period window has a window.';
    throw invalid([{ pointer, code: 'NO_WINDOW', detail }]);
  }
  const window = windowOf(dto as WindowDto, pointer);
  if (window.type === 'membershipYear' || window.type === 'sinceTier') {
    const detail = 'A limit counts over calendar periods, rolling days or months, or for ever.';
    throw invalid([{ pointer: `${pointer}/type`, code: 'WINDOW_NOT_FOR_LIMITS', detail }]);
  }
  return { window };
}

/** What makes two limits the same one. */
export function limitKey({ period, window }: RuleLimitDto): string {
  return `${period} ${JSON.stringify(window ?? null)}`;
}
