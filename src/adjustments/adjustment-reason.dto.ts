import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsBoolean, IsDefined, IsIn, IsOptional, ValidateNested } from 'class-validator';
import { IsName } from '../platform/http/name.js';
import { ExpiryPolicyDto, expiryPolicyOf } from '../platform/http/expiry-policy.dto.js';
import { IsWhole } from '../platform/http/fields.js';
import { invalid } from '../platform/http/validation.js';
import { MAX_ADJUSTED_POINTS } from './adjustment.dto.js';
import {
  CREDIT_ORIGINS,
  DIRECTIONS,
  type AdjustmentReason,
  type CreditOrigin,
  type Direction,
} from './domain/adjustment-reason.js';

export class AdjustmentReasonDto {
  @IsName(200)
  name!: string;

  /** `credit` for what favours the member, `debit` for what does not. */
  @ApiProperty({ enum: DIRECTIONS })
  @IsIn(DIRECTIONS)
  direction!: Direction;

  /**
   * What points given for it are in the books: `goodwill` and `non_purchase` carry no money, `sale_compensation`
   * reduces revenue. Not needed for `debit`.
   */
  @ApiPropertyOptional({ enum: CREDIT_ORIGINS })
  @IsOptional()
  @IsIn(CREDIT_ORIGINS)
  origin?: CreditOrigin;

  @IsOptional()
  @IsBoolean()
  active?: boolean;

  /** More points than these need the approval of another key; 0: all do. Absent: none do. */
  @IsOptional()
  @IsWhole(0, MAX_ADJUSTED_POINTS)
  approvalAbove?: number;

  /** Whether an address of evidence must be given. Default false. */
  @IsOptional()
  @IsBoolean()
  evidenceRequired?: boolean;

  /** How long points given for it live. Absent: as the programme's policy says for the member's tier. */
  @IsOptional()
  @IsDefined()
  @ValidateNested()
  @Type(() => ExpiryPolicyDto)
  expiry?: ExpiryPolicyDto;
}

/** @throws ProblemException VALIDATION_FAILED where points could be given without an origin. */
export function adjustmentReasonOf(dto: AdjustmentReasonDto): AdjustmentReason {
  const origin = dto.origin ?? null;
  if (dto.direction !== 'debit' && origin === null) {
    const detail = `A reason for credits needs an origin: ${CREDIT_ORIGINS.join(', ')}.`;
    throw invalid([{ pointer: '/origin', code: 'ORIGIN_NEEDED', detail }]);
  }
  return {
    name: dto.name,
    direction: dto.direction,
    origin,
    active: dto.active ?? true,
    approvalAbove: dto.approvalAbove ?? null,
    evidenceRequired: dto.evidenceRequired ?? false,
    expiry: dto.expiry ? expiryPolicyOf(dto.expiry, '/expiry') : null,
  };
}
