import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsDefined,
  IsIn,
  IsOptional,
  Matches,
  ValidateNested,
} from 'class-validator';
import { AllDifferentBy, IsDecimalText, IsInstant, IsWhole } from '../platform/http/fields.js';
import { IsKeyText } from '../platform/http/key-text.js';
import { MemberRefDto } from '../platform/http/member-ref.dto.js';
import type { SpentPointsPolicy } from './domain/return-body.js';
import {
  MAX_AMOUNT_MINOR,
  MAX_LINES,
  MAX_NUMBER,
  MAX_REDEMPTIONS,
  ReceiptDto,
  REDEMPTION_ID,
} from './purchase.dto.js';

/** Lines that a return without a known receipt may look for. */
export const MAX_SOUGHT_LINES = 100;

const SPENT_POINTS = ['debt', 'deductFromRefund', 'forgive'] as const satisfies readonly SpentPointsPolicy[];

class AmountBackDto {
  /** How much comes back, as a decimal string; either this or `amountMinor`. */
  @IsOptional()
  @IsDecimalText()
  quantity?: string;

  /** Money that comes back without goods; either this or `quantity`. */
  @IsOptional()
  @IsWhole(1, MAX_AMOUNT_MINOR)
  amountMinor?: number;
}

export class ReturnLineDto extends AmountBackDto {
  /** The receipt's line. */
  @IsWhole(1, 1_000_000)
  lineNo!: number;
}

export class SoughtLineDto extends AmountBackDto {
  /** A line of the receipt that `original` names; either this or `sku`. */
  @IsOptional()
  @IsWhole(1, 1_000_000)
  lineNo?: number;

  /** What was sold; either this or `lineNo`. */
  @IsOptional()
  @IsKeyText(100)
  sku?: string;
}

class ReturnTermsDto {
  /** Everything that is left; either this or `lines`, or neither with `redemptionIds` alone. */
  @IsOptional()
  @IsBoolean()
  whole?: boolean;

  /**
   * Rewards used on the receipt that come back now, each whole: its points and its stock. May stand alone, where
   * nothing else comes back. A reward that a line names (`redemptionId`) comes back with the line.
   */
  @ApiPropertyOptional({ type: [String] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_REDEMPTIONS)
  @ArrayUnique()
  @Matches(REDEMPTION_ID, { each: true, message: 'each of $property must be a redemption id' })
  redemptionIds?: string[];

  /** What happens to points that were spent already. Default: as the programme has it. */
  @ApiPropertyOptional({ enum: SPENT_POINTS })
  @IsOptional()
  @IsIn(SPENT_POINTS)
  spentPoints?: SpentPointsPolicy;

  /** Take only points that are not usable yet; the rest stays with the member. Default false. */
  @IsOptional()
  @IsBoolean()
  onlyPending?: boolean;
}

/** What comes back in an exchange. */
export class ReturnedGoodsDto extends ReturnTermsDto {
  @ApiPropertyOptional({ type: [ReturnLineDto] })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_LINES)
  @AllDifferentBy((line: ReturnLineDto) => line?.lineNo, { message: 'each line is named once' })
  @ValidateNested({ each: true })
  @Type(() => ReturnLineDto)
  lines?: ReturnLineDto[];
}

export class PostReturnDto extends ReturnedGoodsDto {
  /** The system that numbers the returns. With `receiptNo` it is unique for ever. */
  @ApiProperty({ example: 'store-12' })
  @IsKeyText(MAX_NUMBER)
  source!: string;

  @ApiProperty({ example: 'RT-000045' })
  @IsKeyText(MAX_NUMBER)
  receiptNo!: string;

  @IsInstant()
  occurredAt!: string;

  /** The member who brings the goods, where the till knows: must then be the receipt's member. */
  @IsOptional()
  @ValidateNested()
  @Type(() => MemberRefDto)
  member?: MemberRefDto;
}

/** A receipt by the number its till gave it. */
export class OriginalReceiptDto {
  @IsKeyText(MAX_NUMBER)
  source!: string;

  @IsKeyText(MAX_NUMBER)
  receiptNo!: string;
}

export class FindReturnDto extends ReturnTermsDto {
  /** The system that numbers the returns. With `receiptNo` it is unique for ever. */
  @ApiProperty({ example: 'store-12' })
  @IsKeyText(MAX_NUMBER)
  source!: string;

  @ApiProperty({ example: 'RT-000045' })
  @IsKeyText(MAX_NUMBER)
  receiptNo!: string;

  @IsInstant()
  occurredAt!: string;

  /** The receipt the goods were bought with. Without it they are looked for in the member's own receipts. */
  @IsOptional()
  @ValidateNested()
  @Type(() => OriginalReceiptDto)
  original?: OriginalReceiptDto;

  /** The member who brings the goods; needed without `original`. */
  @IsOptional()
  @ValidateNested()
  @Type(() => MemberRefDto)
  member?: MemberRefDto;

  @ApiPropertyOptional({ type: [SoughtLineDto] })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_SOUGHT_LINES)
  @AllDifferentBy((line: SoughtLineDto) => line?.lineNo ?? line?.sku, { message: 'each line is named once' })
  @ValidateNested({ each: true })
  @Type(() => SoughtLineDto)
  lines?: SoughtLineDto[];
}

export class ExchangeDto {
  /** What comes back; source, number and instant are the new receipt's. */
  @IsDefined()
  @ValidateNested()
  @Type(() => ReturnedGoodsDto)
  return!: ReturnedGoodsDto;

  /** The new receipt, for the member who made the first. */
  @IsDefined()
  @ValidateNested()
  @Type(() => ReceiptDto)
  purchase!: ReceiptDto;
}
