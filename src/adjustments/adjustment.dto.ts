import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsDefined, IsIn, IsOptional, IsString, IsUrl, Length, ValidateNested } from 'class-validator';
import { isId, type AdjustmentId, type LotId, type PurchaseId } from '../kernel/ids.js';
import type { Points } from '../kernel/points.js';
import { endOfDay, localDate, startOfDay, type Instant } from '../kernel/time.js';
import { IsInstant, IsWhole } from '../platform/http/fields.js';
import { IsKeyText } from '../platform/http/key-text.js';
import { MemberRefDto } from '../platform/http/member-ref.dto.js';
import { instantOf } from '../platform/http/pagination.js';
import { TimeListQueryDto } from '../platform/http/time-list.dto.js';
import { ProblemException } from '../platform/http/problem.exception.js';
import { invalid } from '../platform/http/validation.js';
import { ledgerProblems } from '../ledger/index.js';
import { SHOWN_STATUSES, type ShownStatus } from './adjustment.query.js';
import type { DebitKind } from './domain/adjustment-facts.js';
import { CREDIT_ORIGINS, type CreditOrigin } from './domain/adjustment-reason.js';
import type { AdjustmentOrder } from './domain/order.js';

/** What a debit may say it is. */
export const DEBIT_KINDS = ['forfeit', 'correction', 'fraud'] as const satisfies readonly DebitKind[];

/** The most points of one adjustment. */
export const MAX_ADJUSTED_POINTS = 1_000_000_000;

const NOTE_LENGTH = 500;
const WEB = { protocols: ['http', 'https'], require_protocol: true, require_tld: false };

/** Why, and on what grounds. */
export class GroundsDto {
  /** The id of a published adjustment reason. */
  @ApiProperty({ example: 'late-delivery' })
  @IsKeyText(60)
  reason!: string;

  /** Address of what it rests on: a ticket, a letter. */
  @ApiPropertyOptional({ example: 'https://desk.example.com/tickets/4711' })
  @IsOptional()
  @IsUrl(WEB, { message: '$property must be an http or https address' })
  @Length(1, 2000)
  evidence?: string;

  /** The person or body that agreed outside the engine, in words. */
  @IsOptional()
  @IsString()
  @Length(1, 200)
  approvedBy?: string;
}

export class AdjustDto extends GroundsDto {
  @IsDefined()
  @ValidateNested()
  @Type(() => MemberRefDto)
  member!: MemberRefDto;

  /** Positive gives, negative takes; never 0. Fraud names none: it takes what its receipt earned. */
  @IsOptional()
  @IsWhole(-MAX_ADJUSTED_POINTS, MAX_ADJUSTED_POINTS)
  points?: number;

  /**
   * What a debit is. `forfeit` (the default) takes usable points in spending order; `correction` takes points of the
   * adjustment that it names back; `fraud` returns the receipt that it names, whole.
   */
  @ApiPropertyOptional({ enum: DEBIT_KINDS })
  @IsOptional()
  @IsIn(DEBIT_KINDS)
  kind?: (typeof DEBIT_KINDS)[number];

  /** The adjustment whose points a correction takes back. */
  @ApiPropertyOptional({ example: 'adj_01k9z0c1q8e4v8m2s6t4w3x5y7' })
  @IsOptional()
  @IsString()
  @Length(1, 60)
  adjustmentId?: string;

  /** The receipt that fraud takes back. */
  @ApiPropertyOptional({ example: 'pur_01k9z0c1q8e4v8m2s6t4w3x5y7' })
  @IsOptional()
  @IsString()
  @Length(1, 60)
  purchaseId?: string;

  /** The reason's origin; refused where it is another. */
  @ApiPropertyOptional({ enum: CREDIT_ORIGINS })
  @IsOptional()
  @IsIn(CREDIT_ORIGINS)
  origin?: CreditOrigin;

  /** Your own number for it; unique for ever, so that sending it again never adjusts twice. */
  @IsOptional()
  @IsKeyText(200)
  externalId?: string;

  /** Since when points that are given count. Default: when they are posted. */
  @IsOptional()
  @IsInstant()
  occurredAt?: string;
}

export class ReverseAdjustmentDto extends GroundsDto {}

export class DecisionDto {
  @IsOptional()
  @IsString()
  @Length(1, NOTE_LENGTH)
  note?: string;
}

export class ExtendLotDto extends GroundsDto {
  /** The end of a day in the programme's zone; any other instant stands for the end of its day. */
  @IsInstant()
  expiresAt!: string;
}

export class ExtendLotsDto extends ExtendLotDto {
  /** Lots that would have ended by the end of this day. */
  @IsInstant()
  expiringBy!: string;
}

export class ReinstateLotDto extends GroundsDto {
  /** Default: all that expired and was not given back yet. */
  @IsOptional()
  @IsWhole(1, MAX_ADJUSTED_POINTS)
  points?: number;

  /** As with extensions. Default: by the reason, else by the programme's policy, from now. */
  @IsOptional()
  @IsInstant()
  expiresAt?: string;
}

export class LotWaitDto extends GroundsDto {}

export class AdjustmentsQueryDto extends TimeListQueryDto {
  @ApiPropertyOptional({ enum: SHOWN_STATUSES })
  @IsOptional()
  @IsIn(SHOWN_STATUSES)
  status?: ShownStatus;
}

/** @throws ProblemException VALIDATION_FAILED for points that are neither given nor taken, and what does not belong to them. */
export function orderOfAdjustment(dto: AdjustDto): AdjustmentOrder {
  const purchaseId = defrauded(dto);
  const points = purchaseId ? null : requirePoints(dto);
  const correctsId = correctedBy(dto, points);
  return {
    ...groundsOf(dto),
    ...(dto.kind !== undefined && dto.kind !== 'forfeit' ? { debitKind: dto.kind } : {}),
    ...(correctsId && { correctsId }),
    ...(purchaseId && { purchaseId }),
    kind: points !== null && points > 0 ? 'credit' : 'debit',
    points: points === null ? null : Math.abs(points),
    origin: dto.origin ?? null,
    occurredAt: instantOf(dto.occurredAt),
    externalId: dto.externalId ?? null,
  };
}

/** @throws ProblemException VALIDATION_FAILED for none. */
function requirePoints({ points }: AdjustDto): Points {
  if (points !== undefined && points !== 0) return points;
  const detail = 'points must not be 0. Only a fraud debit omits points.';
  const code = points === 0 ? 'ZERO' : 'POINTS_MISSING';
  throw invalid([{ pointer: '/points', code, detail }]);
}

/** The receipt that fraud names. @throws ProblemException VALIDATION_FAILED where it names none, or others do. */
function defrauded({ points, kind, purchaseId }: AdjustDto): PurchaseId | null {
  const isFraud = kind === 'fraud';
  if (isFraud && points !== undefined) {
    const detail = 'A fraud debit takes back the points of its receipt. Omit points.';
    throw invalid([{ pointer: '/points', code: 'RECEIPT_SAYS_POINTS', detail }]);
  }
  if (isFraud && purchaseId !== undefined && isId('pur', purchaseId)) return purchaseId;
  if (!isFraud && purchaseId === undefined) return null;
  const detail = isFraud
    ? 'A fraud debit needs the purchaseId of its receipt.'
    : 'Only a fraud debit takes a purchaseId.';
  throw invalid([{ pointer: '/purchaseId', code: 'RECEIPT_NAMED_BY_FRAUD', detail }]);
}

/** The adjustment that a correction names. @throws ProblemException VALIDATION_FAILED where it names none, or others do. */
function correctedBy({ kind, adjustmentId }: AdjustDto, points: Points | null): AdjustmentId | null {
  if (points !== null && points > 0 && kind !== undefined) {
    throw invalid([{ pointer: '/kind', code: 'DEBITS_ONLY', detail: 'Only a debit takes a kind.' }]);
  }
  const corrects = kind === 'correction';
  if (corrects && adjustmentId !== undefined && isId('adj', adjustmentId)) return adjustmentId;
  if (!corrects && adjustmentId === undefined) return null;
  const detail = corrects ? 'Name the adjustment to be corrected.' : 'Only a correction names an adjustment.';
  throw invalid([{ pointer: '/adjustmentId', code: 'ADJUSTMENT_NAMED_BY_CORRECTIONS', detail }]);
}

/** What an adjustment of lots asks for, beside which lots and until when. */
export function groundsOf(dto: GroundsDto): Omit<AdjustmentOrder, 'kind'> {
  return {
    reason: dto.reason,
    evidence: dto.evidence ?? null,
    approvedBy: dto.approvedBy ?? null,
    ...{ points: null, origin: null, lotId: null, expiringBy: null, expiresAt: null },
    ...{ occurredAt: null, externalId: null },
  };
}

/** The lot that an address names. @throws ProblemException LOT_NOT_FOUND for what is no lot's id. */
export function requireLotId(text: string): LotId {
  if (isId('lot', text)) return text;
  throw new ProblemException(ledgerProblems.problem('LOT_NOT_FOUND', `There is no lot ${text}.`));
}

/** The end of the instant's day in a zone; an instant that is the end of a day stays. Both are exclusive. */
export function endOfItsDay(text: string, timeZone: string): Instant {
  const at = instantOf(text) ?? 0;
  const day = localDate(at, timeZone);
  return startOfDay(day, timeZone) === at ? at : endOfDay(day, timeZone);
}
