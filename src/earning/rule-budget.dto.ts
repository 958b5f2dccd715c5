import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { IsKeyText } from '../platform/http/key-text.js';
import type { RuleBudget } from './domain/earning-rule.js';

const ON_EXCEED = ['truncate', 'refuse'] as const;

export class RuleBudgetDto {
  /** Id of a published budget. */
  @IsKeyText(60)
  budgetId!: string;

  /** Of an award that the budget does not cover whole: what is left of the budget, or nothing. Default `truncate`. */
  @ApiPropertyOptional({ enum: ON_EXCEED })
  @IsOptional()
  @IsIn(ON_EXCEED)
  onExceed?: (typeof ON_EXCEED)[number];
}

export function ruleBudgetOf({ budgetId, onExceed = 'truncate' }: RuleBudgetDto): RuleBudget {
  return { budgetId, onExceed };
}
