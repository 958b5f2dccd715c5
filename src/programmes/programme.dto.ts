import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsDefined,
  IsIn,
  IsOptional,
  Matches,
  ValidateBy,
  ValidateNested,
} from 'class-validator';
import { isDecimal } from '../kernel/decimal.js';
import type { ExpiryPolicy } from '../kernel/expiry-policy.js';
import { isCurrency } from '../kernel/money.js';
import { MAX_POINTS } from '../kernel/points.js';
import { isTimeZone } from '../kernel/time.js';
import { IsName } from '../platform/http/name.js';
import { ExpiryPolicyDto, expiryPolicyOf } from '../platform/http/expiry-policy.dto.js';
import { AsItCame, IsWhole } from '../platform/http/fields.js';
import { isPhoneRegion } from '../platform/http/identity.js';
import { PendingPolicyDto, pendingPolicyOf } from '../platform/http/pending-policy.dto.js';
import { escapePointer, invalid, validated } from '../platform/http/validation.js';
import { NO_BOUNDS, type Backdating } from './domain/backdating.js';
import type { DraftedPolicy, PointsOffBasket, TransferTerms } from './domain/programme-policy.js';

const RETURN_POLICIES = ['debt', 'deductFromRefund', 'forgive'] as const;
const CORRECTION_POLICIES = ['debt', 'forgive', 'refuse'] as const;
const ON_RETURN = ['reevaluate', 'keep'] as const;
const MAX_AMOUNT_MINOR = 1_000_000_000_000;
/** Tiers that may have an expiry of their own. */
const MAX_TIERS = 50;

export class CreateProgrammeDto {
  @IsName(100)
  name!: string;

  /** ISO 4217; fixed for good. */
  @ApiProperty({ example: 'TWD' })
  @ValidateBy({
    name: 'isCurrency',
    validator: {
      validate: (value) => typeof value === 'string' && isCurrency(value),
      defaultMessage: () => '$property must be an ISO 4217 currency code',
    },
  })
  currency!: string;

  /** IANA zone; business days, expiry and windows are counted in it. Fixed for good. */
  @ApiProperty({ example: 'Asia/Taipei' })
  @ValidateBy({
    name: 'isTimeZone',
    validator: {
      validate: (value) => typeof value === 'string' && isTimeZone(value),
      defaultMessage: () => '$property must be an IANA time zone such as Asia/Taipei',
    },
  })
  timeZone!: string;
}

export class PointsOffBasketDto {
  /** Discount in minor units that one point gives, tax included. */
  @IsWhole(1, 1_000_000)
  minorPerPoint!: number;

  /** The fewest points that may be redeemed at once. Default 1. */
  @IsOptional()
  @IsWhole(1, 1_000_000)
  minimumPoints?: number;

  /** The most points that may be taken off one basket. */
  @IsOptional()
  @IsWhole(1, MAX_POINTS)
  maximumPoints?: number;

  /** The most minor units that points may take off one basket. */
  @IsOptional()
  @IsWhole(1, MAX_AMOUNT_MINOR)
  maximumMinor?: number;

  /** The largest part of one basket that points may pay for, from "0" to "1". */
  @ApiPropertyOptional({ example: '0.5' })
  @IsOptional()
  @ValidateBy({
    name: 'isShare',
    validator: {
      validate: (value) => typeof value === 'string' && isDecimal(value) && Number(value) <= 1,
      defaultMessage: () => '$property must be a decimal string from "0" to "1", such as "0.5"',
    },
  })
  maximumShare?: string;
}

export class TransferTermsDto {
  /** Whether points that are sent keep their expiry or live anew. */
  @IsIn(['keep', 'reset'])
  expiry!: 'keep' | 'reset';

  /** The fewest points of one transfer. Default 1. */
  @IsOptional()
  @IsWhole(1, MAX_POINTS)
  minimumPoints?: number;

  @IsOptional()
  @IsWhole(1, MAX_POINTS)
  maximumPoints?: number;
}

const OLDER_RECEIPTS = ['postWhenRecorded', 'refuse'] as const;
/** The furthest bound, days: ten years. */
const MAX_BACKDATING_DAYS = 3650;

export class BackdatingDto {
  /** How many days back a receipt, and what is reported of an order, may be dated. Absent: no bound. */
  @IsOptional()
  @IsWhole(0, MAX_BACKDATING_DAYS)
  receiptDays?: number;

  /** The same of returns. What is older is refused. */
  @IsOptional()
  @IsWhole(0, MAX_BACKDATING_DAYS)
  returnDays?: number;

  /** The same of points given by hand. What is older is refused. */
  @IsOptional()
  @IsWhole(0, MAX_BACKDATING_DAYS)
  creditDays?: number;

  /** What becomes of an older receipt: posted on the day it is recorded, or refused. Default `postWhenRecorded`. */
  @ApiPropertyOptional({ enum: OLDER_RECEIPTS })
  @IsOptional()
  @IsIn(OLDER_RECEIPTS)
  olderReceipts?: (typeof OLDER_RECEIPTS)[number];
}

/** The longest time for claims, days: a leap year. */
const MAX_CLAIM_DAYS = 366;

export class UnmatchedReceiptTermsDto {
  /** For how many days after its own business day a member can claim a receipt. */
  @IsWhole(1, MAX_CLAIM_DAYS)
  claimDays!: number;
}

/** The longest grace, days: ten years. */
const MAX_GRACE_DAYS = 3650;

export class ClosingTermsDto {
  /** For how many days after the day of the closing the points are kept, unusable. 0 forfeits them at once. */
  @IsWhole(0, MAX_GRACE_DAYS)
  graceDays!: number;
}

/** The most kinds of configuration that a policy wants two persons for. */
const MAX_KINDS_FOR_TWO = 50;

export class ProgrammePolicyDto {
  /** What members call a point. */
  @IsName(60)
  pointName!: string;

  @IsDefined()
  @ValidateNested()
  @Type(() => ExpiryPolicyDto)
  expiry!: ExpiryPolicyDto;

  /** By tier key; overrides `expiry` for members of the tier. */
  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { $ref: '#/components/schemas/ExpiryPolicyDto' },
  })
  @IsOptional()
  // Taken as it came: the keys are the programme's own, and each value is checked by itself.
  @AsItCame()
  @ValidateBy({
    name: 'isTierExpiry',
    validator: {
      validate: (value: unknown) =>
        value !== null &&
        typeof value === 'object' &&
        !Array.isArray(value) &&
        Object.keys(value).length <= MAX_TIERS,
      defaultMessage: () => `$property must name expiry policies by tier, at most ${MAX_TIERS}`,
    },
  })
  tierExpiry?: Record<string, unknown>;

  /** How long points wait before they may be spent. Default: not at all. */
  @IsOptional()
  @ValidateNested()
  @Type(() => PendingPolicyDto)
  pending?: PendingPolicyDto;

  /** How many days before points expire it is announced; 0 announces nothing. Default 30. */
  @IsOptional()
  @IsWhole(0, 365)
  announceExpiryDays?: number;

  /** The most points a balance may reach by earning. Absent: no cap. */
  @IsOptional()
  @IsWhole(1, MAX_POINTS)
  maximumBalance?: number;

  /** The least days that points have left when a redemption is reversed. Absent: their own expiry stands. */
  @IsOptional()
  @IsWhole(0, 3650)
  minValidityDaysOnRestore?: number;

  /** What happens when a return takes back points that were spent already. Default `debt`. */
  @ApiPropertyOptional({ enum: RETURN_POLICIES })
  @IsOptional()
  @IsIn(RETURN_POLICIES)
  returnPolicy?: (typeof RETURN_POLICIES)[number];

  /** What happens when points that were given by hand are taken back and some were used. Default `debt`. */
  @ApiPropertyOptional({ enum: CORRECTION_POLICIES })
  @IsOptional()
  @IsIn(CORRECTION_POLICIES)
  correctionPolicy?: (typeof CORRECTION_POLICIES)[number];

  /** Whether a return takes back a promotion that only its receipt caused. Default `reevaluate`. */
  @ApiPropertyOptional({ enum: ON_RETURN })
  @IsOptional()
  @IsIn(ON_RETURN)
  onReturn?: (typeof ON_RETURN)[number];

  /** Absent: points are exchanged for catalogue rewards only. */
  @IsOptional()
  @ValidateNested()
  @Type(() => PointsOffBasketDto)
  pointsOffBasket?: PointsOffBasketDto;

  /** How far back things may be dated. Absent: without bounds. A key with the scope `import` is not bound. */
  @IsOptional()
  @ValidateNested()
  @Type(() => BackdatingDto)
  backdating?: BackdatingDto;

  /** Receipts without a member are kept, to be claimed later. Absent: they are refused. */
  @IsOptional()
  @ValidateNested()
  @Type(() => UnmatchedReceiptTermsDto)
  unmatchedReceipts?: UnmatchedReceiptTermsDto;

  /** What becomes of the points of a membership that is closed. Absent: they are forfeited at once. */
  @IsOptional()
  @ValidateNested()
  @Type(() => ClosingTermsDto)
  closing?: ClosingTermsDto;

  /** The first month in the books: receipts of before give points and post nothing. Absent: all are in the books. */
  @ApiPropertyOptional({ example: '2026-01' })
  @IsOptional()
  @Matches(/^\d{4}-(0[1-9]|1[0-2])$/, { message: '$property must be a month such as 2026-01' })
  booksFrom?: string;

  /** The country, ISO 3166, whose telephone numbers members may give without its code. Absent: none. */
  @ApiPropertyOptional({ example: 'TW' })
  @IsOptional()
  @ValidateBy({
    name: 'isPhoneRegion',
    validator: {
      validate: (value) => typeof value === 'string' && isPhoneRegion(value),
      defaultMessage: () => '$property must be the ISO 3166 code of a country, such as TW',
    },
  })
  phoneRegion?: string;

  /** The kinds of configuration, such as `earning-rule`, whose publications wait for a key of another line. */
  @ApiPropertyOptional({ type: [String], example: ['earning-rule'] })
  @IsOptional()
  @IsArray()
  @ArrayUnique()
  @ArrayMaxSize(MAX_KINDS_FOR_TWO)
  @Matches(/^[a-z][a-z-]{0,59}$/, {
    each: true,
    message: '$property must be names of kinds of configuration',
  })
  twoPersons?: string[];

  /** Absent: members cannot send each other points. */
  @IsOptional()
  @ValidateNested()
  @Type(() => TransferTermsDto)
  transfers?: TransferTermsDto;
}

/** The policy as it is published. @throws ProblemException VALIDATION_FAILED for faults between fields. */
export function programmePolicyOf(dto: ProgrammePolicyDto): DraftedPolicy {
  return {
    pointName: dto.pointName,
    expiry: expiryPolicyOf(dto.expiry, '/expiry'),
    tierExpiry: tierExpiryOf(dto.tierExpiry ?? {}),
    pending: dto.pending ? pendingPolicyOf(dto.pending) : { type: 'none' },
    announceExpiryDays: dto.announceExpiryDays ?? 30,
    maximumBalance: dto.maximumBalance ?? null,
    minValidityDaysOnRestore: dto.minValidityDaysOnRestore ?? null,
    returnPolicy: dto.returnPolicy ?? 'debt',
    correctionPolicy: dto.correctionPolicy ?? 'debt',
    onReturn: dto.onReturn ?? 'reevaluate',
    pointsOffBasket: dto.pointsOffBasket ? pointsOffBasketOf(dto.pointsOffBasket) : null,
    transfers: dto.transfers ? transferTermsOf(dto.transfers) : null,
    backdating: backdatingOf(dto.backdating ?? {}),
    closing: { graceDays: dto.closing?.graceDays ?? 0 },
    booksFrom: dto.booksFrom ?? null,
    phoneRegion: dto.phoneRegion ?? null,
    twoPersons: dto.twoPersons ?? [],
    unmatchedReceipts: dto.unmatchedReceipts ? { claimDays: dto.unmatchedReceipts.claimDays } : null,
  };
}

function backdatingOf(dto: BackdatingDto): Backdating {
  return {
    receiptDays: dto.receiptDays ?? null,
    returnDays: dto.returnDays ?? null,
    creditDays: dto.creditDays ?? null,
    olderReceipts: dto.olderReceipts ?? NO_BOUNDS.olderReceipts,
  };
}

function tierExpiryOf(tiers: Readonly<Record<string, unknown>>): Readonly<Record<string, ExpiryPolicy>> {
  return Object.fromEntries(
    Object.entries(tiers).map(([tier, value]) => {
      const pointer = `/tierExpiry/${escapePointer(tier)}`;
      return [tier, expiryPolicyOf(validated(ExpiryPolicyDto, value, pointer), pointer)];
    }),
  );
}

function pointsOffBasketOf(terms: PointsOffBasketDto): PointsOffBasket {
  const { minimumPoints, maximumPoints } = terms;
  requireRange(minimumPoints, maximumPoints, '/pointsOffBasket');
  return {
    minorPerPoint: terms.minorPerPoint,
    minimumPoints: minimumPoints ?? 1,
    maximumPoints: maximumPoints ?? null,
    maximumMinor: terms.maximumMinor ?? null,
    maximumShare: terms.maximumShare ?? null,
  };
}

function transferTermsOf({ expiry, minimumPoints, maximumPoints }: TransferTermsDto): TransferTerms {
  requireRange(minimumPoints, maximumPoints, '/transfers');
  return { expiry, minimumPoints: minimumPoints ?? 1, maximumPoints: maximumPoints ?? null };
}

function requireRange(
  minimum: number | null | undefined,
  maximum: number | null | undefined,
  pointer: string,
): void {
  if ((maximum ?? Infinity) >= (minimum ?? 1)) return;
  throw invalid([
    {
      pointer: `${pointer}/maximumPoints`,
      code: 'BELOW_MINIMUM',
      detail: 'maximumPoints must not be less than minimumPoints.',
    },
  ]);
}
