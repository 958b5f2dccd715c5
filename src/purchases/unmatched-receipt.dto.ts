import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsDefined, IsIn, IsOptional, IsString, Length, ValidateNested } from 'class-validator';
import { IsDay, IsInstant, IsWhole } from '../platform/http/fields.js';
import { IsKeyText } from '../platform/http/key-text.js';
import { MemberRefDto } from '../platform/http/member-ref.dto.js';
import { PageQueryDto } from '../platform/http/pagination.js';
import { UNMATCHED_STATES, type UnmatchedState } from './domain/unmatched-receipt.js';
import { MAX_AMOUNT_MINOR, MAX_LINES, MAX_NUMBER } from './purchase.dto.js';

/** A member's claim: by number and amount, or by the code that is printed on the receipt. */
export class ClaimReceiptDto {
  @IsDefined()
  @ValidateNested()
  @Type(() => MemberRefDto)
  member!: MemberRefDto;

  /** With `receiptNo` and `amountMinor`. */
  @ApiPropertyOptional({ example: 'store-12' })
  @IsOptional()
  @IsKeyText(MAX_NUMBER)
  source?: string;

  @ApiPropertyOptional({ example: 'R-2026-000123' })
  @IsOptional()
  @IsKeyText(MAX_NUMBER)
  receiptNo?: string;

  /** What all lines come to, in minor units. */
  @IsOptional()
  @IsWhole(0, MAX_LINES * MAX_AMOUNT_MINOR)
  amountMinor?: number;

  /** In place of the three; blanks, hyphens and the case mean nothing. */
  @ApiPropertyOptional({ example: '7K2M-9QXA-4D0H-PS3V' })
  @IsOptional()
  @IsString()
  @Length(1, 60)
  claimCode?: string;
}

export class ReceiptNumberDto {
  @IsKeyText(MAX_NUMBER)
  source!: string;

  @IsKeyText(MAX_NUMBER)
  receiptNo!: string;
}

/** Goods of a receipt without a member came back. */
export class ReturnUnmatchedDto extends ReceiptNumberDto {
  @IsInstant()
  occurredAt!: string;

  /** The receipt of which goods came back. */
  @IsDefined()
  @ValidateNested()
  @Type(() => ReceiptNumberDto)
  purchase!: ReceiptNumberDto;
}

export class UnmatchedReceiptsQueryDto extends PageQueryDto {
  @ApiPropertyOptional()
  @IsOptional()
  @IsKeyText(MAX_NUMBER)
  source?: string;

  /** With its `source`. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsKeyText(MAX_NUMBER)
  receiptNo?: string;

  @ApiPropertyOptional({ enum: UNMATCHED_STATES })
  @IsOptional()
  @IsIn(UNMATCHED_STATES)
  state?: UnmatchedState;

  /** The first day, in the programme's zone. */
  @ApiProperty({ required: false, example: '2026-11-01' })
  @IsOptional()
  @IsDay()
  from?: string;

  /** The last day, in the programme's zone. */
  @ApiProperty({ required: false, example: '2026-11-30' })
  @IsOptional()
  @IsDay()
  to?: string;
}
