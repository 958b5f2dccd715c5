import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsOptional,
  Matches,
  ValidateNested,
} from 'class-validator';
import type { LineRevenue, TenderKind } from '../kernel/domain-events.js';
import { LINE_REVENUES, TENDER_KINDS } from '../kernel/points-paid.js';
import {
  AllDifferentBy,
  IsAttributes,
  IsDecimalText,
  IsFlag,
  IsInstant,
  IsWhole,
} from '../platform/http/fields.js';
import { IsKeyText } from '../platform/http/key-text.js';
import { MemberRefDto } from '../platform/http/member-ref.dto.js';

/** Lines, tenders and redemptions one receipt may have. */
export const MAX_LINES = 1000;
export const MAX_TENDERS = 20;
export const MAX_REDEMPTIONS = 20;
/** The largest amount of a line in minor units: ten milliard of a two-digit currency. */
export const MAX_AMOUNT_MINOR = 1_000_000_000_000;

/** Characters of a terminal's id, and its largest number. */
export const MAX_TERMINAL_ID = 30;
export const MAX_TERMINAL_SEQUENCE = 999_999_999_999;

/** Characters of what numbers or names a receipt. */
export const MAX_NUMBER = 200;

export const REDEMPTION_ID = /^rdm_[0-7][0-9a-hjkmnp-tv-z]{25}$/;

export class PurchaseLineDto {
  @IsWhole(1, 1_000_000)
  lineNo!: number;

  @IsKeyText(100)
  sku!: string;

  @ApiPropertyOptional({ example: 'grocery' })
  @IsOptional()
  @IsKeyText(100)
  category?: string;

  @ApiPropertyOptional({ example: 'Own' })
  @IsOptional()
  @IsKeyText(100)
  brand?: string;

  /** Pieces, kilograms, litres, as a decimal string. Default "1". */
  @IsOptional()
  @IsDecimalText()
  quantity?: string;

  /** What of the quantity was given for a reward: it earns nothing where a rule counts units. Default "0". */
  @IsOptional()
  @IsDecimalText()
  rewardedQuantity?: string;

  /** The reward that the line hands over, one of `redemptionIds`: it comes back when all goods of the line do. */
  @IsOptional()
  @Matches(REDEMPTION_ID, { message: '$property must be a redemption id' })
  redemptionId?: string;

  /** What the customer pays for the line: after discounts, tax included, before what tenders of points or coupons pay. */
  @IsWhole(0, MAX_AMOUNT_MINOR)
  amountMinor!: number;

  /** The tax within `amountMinor`. Default 0. */
  @IsOptional()
  @IsWhole(0, MAX_AMOUNT_MINOR)
  taxMinor?: number;

  /** What the whole line costs by the price list, tax included, where that is not `amountMinor`. */
  @IsOptional()
  @IsWhole(0, MAX_AMOUNT_MINOR)
  listMinor?: number;

  /**
   * What the line is to the seller: `own` goods, `none` (a gift card, a deposit, a bill: no revenue), `agent` (sold for
   * a commission). Default: that of its category in the accounting policy, else `own`.
   */
  @ApiPropertyOptional({ enum: LINE_REVENUES })
  @IsOptional()
  @IsIn(LINE_REVENUES)
  revenue?: LineRevenue;

  /** With `agent`, and only there: the seller's commission, tax included. */
  @IsOptional()
  @IsWhole(0, MAX_AMOUNT_MINOR)
  commissionMinor?: number;

  /** The tax within `commissionMinor`. Default 0. */
  @IsOptional()
  @IsWhole(0, MAX_AMOUNT_MINOR)
  commissionTaxMinor?: number;

  @IsOptional()
  @IsAttributes()
  attributes?: Record<string, unknown>;
}

export class TenderDto {
  @IsKeyText(40)
  type!: string;

  /** Gift cards are money. Default: `points` for that type, `money` for all others. */
  @ApiPropertyOptional({ enum: TENDER_KINDS })
  @IsOptional()
  @IsIn(TENDER_KINDS)
  kind?: TenderKind;

  @IsWhole(0, MAX_AMOUNT_MINOR)
  amountMinor!: number;
}

/** A receipt without its member. */
export class ReceiptDto {
  /** The system that numbers the receipts: a store, a till, a web shop. With `receiptNo` it is unique for ever. */
  @ApiProperty({ example: 'store-12' })
  @IsKeyText(MAX_NUMBER)
  source!: string;

  @ApiProperty({ example: 'R-2026-000123' })
  @IsKeyText(MAX_NUMBER)
  receiptNo!: string;

  @IsInstant()
  occurredAt!: string;

  @ApiProperty({ example: 'TWD' })
  @Matches(/^[A-Z]{3}$/, { message: '$property must be an ISO 4217 code' })
  currency!: string;

  @ApiPropertyOptional({ example: 'pos' })
  @IsOptional()
  @IsKeyText(40)
  channel?: string;

  /** The till or device of the source that made the receipt; with `terminalSequence`. */
  @ApiPropertyOptional({ example: 'till-3' })
  @IsOptional()
  @IsKeyText(MAX_TERMINAL_ID)
  terminalId?: string;

  /** The terminal's own consecutive number of the receipt, by which gaps and duplicates are found. */
  @ApiPropertyOptional({ example: 4711 })
  @IsOptional()
  @IsWhole(0, MAX_TERMINAL_SEQUENCE)
  terminalSequence?: number;

  @ApiProperty({ type: [PurchaseLineDto] })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_LINES)
  @AllDifferentBy((line: PurchaseLineDto) => line?.lineNo, { message: 'each line needs a lineNo of its own' })
  @ValidateNested({ each: true })
  @Type(() => PurchaseLineDto)
  lines!: PurchaseLineDto[];

  @ApiPropertyOptional({ type: [TenderDto] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_TENDERS)
  @ValidateNested({ each: true })
  @Type(() => TenderDto)
  tenders?: TenderDto[];

  /** Redemptions used on this receipt: those on hold are captured with it. */
  @ApiPropertyOptional({ type: [String] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_REDEMPTIONS)
  @ArrayUnique()
  @Matches(REDEMPTION_ID, { each: true, message: 'each of $property must be a redemption id' })
  redemptionIds?: string[];

  @IsOptional()
  @IsAttributes()
  attributes?: Record<string, unknown>;
}

export class PostPurchaseDto extends ReceiptDto {
  /** Absent: the receipt is kept until a member claims it, where the policy has `unmatchedReceipts`; else refused. */
  @IsOptional()
  @ValidateNested()
  @Type(() => MemberRefDto)
  member?: MemberRefDto;

  /** Without a member: the answer has the code by which the receipt can be claimed. */
  @IsOptional()
  @IsBoolean()
  claimCode?: boolean;
}

/** A receipt that says whose it is. */
export interface MemberReceipt extends PostPurchaseDto {
  member: MemberRefDto;
}

export function hasMember(dto: PostPurchaseDto): dto is MemberReceipt {
  return dto.member !== undefined && dto.member !== null;
}

export class PurchaseQueryDto {
  /** Work everything out and write nothing. */
  @IsFlag()
  dryRun?: boolean;

  /** Add the trace of every rule in force. */
  @IsFlag()
  explain?: boolean;
}
