import { ApiProperty } from '@nestjs/swagger';
import { IsIn, Matches } from 'class-validator';
import type { RuleGroup } from './domain/earning-rule.js';

const COMBINATIONS = ['sum', 'best', 'first'] as const satisfies readonly RuleGroup['combine'][];

export class RuleGroupDto {
  /** Rules of one key are one group. */
  @ApiProperty({ example: 'weekend' })
  @Matches(/^[a-z0-9][a-z0-9_-]{0,62}$/, {
    message: '$property must be lower-case letters, digits, hyphens and underscores, at most 63 characters',
  })
  key!: string;

  /** All rules of the group give, only the one that gives most (ties: the lower key), or only the first in order. */
  @ApiProperty({ enum: COMBINATIONS })
  @IsIn(COMBINATIONS)
  combine!: RuleGroup['combine'];
}
