import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsDefined,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';

const MAX_LINES = 1000;
const MAX_TENDERS = 20;
const MAX_AMOUNT_MINOR = 1_000_000_000_000;

class LineDto {
  @IsInt()
  @Min(1)
  lineNo!: number;

  @IsString()
  @Length(1, 100)
  sku!: string;

  @IsOptional()
  @IsString()
  @Length(1, 100)
  category?: string;

  @IsInt()
  @Min(0)
  @Max(MAX_AMOUNT_MINOR)
  amountMinor!: number;

  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(MAX_AMOUNT_MINOR)
  taxMinor?: number;
}

class TenderDto {
  @IsString()
  @Length(1, 40)
  type!: string;

  @IsInt()
  @Min(0)
  @Max(MAX_AMOUNT_MINOR)
  amountMinor!: number;
}

class MemberRefDto {
  @IsString()
  @Length(1, 200)
  externalId!: string;
}

/** What a till sends, checked as one would in NestJS. */
export class ReceiptDto {
  @IsString()
  @Length(1, 200)
  source!: string;

  @IsString()
  @Length(1, 200)
  receiptNo!: string;

  @IsDefined()
  @ValidateNested()
  @Type(() => MemberRefDto)
  member!: MemberRefDto;

  @IsISO8601()
  occurredAt!: string;

  @Matches(/^[A-Z]{3}$/)
  currency!: string;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_LINES)
  @ValidateNested({ each: true })
  @Type(() => LineDto)
  lines!: LineDto[];

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_TENDERS)
  @ValidateNested({ each: true })
  @Type(() => TenderDto)
  tenders?: TenderDto[];
}
