import { ApiProperty } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import { IsInstant } from '../platform/http/fields.js';

export class PurchaseEventDto {
  /** `delivered`, `returnWindowOver`, or whatever name a pending policy awaits; `cancelled` gives the order up. */
  @ApiProperty({ example: 'delivered' })
  @Matches(/^[a-z][a-zA-Z0-9]{0,39}$/, { message: '$property must be a lower-camel name such as delivered' })
  type!: string;

  /** Default: when it is reported. */
  @IsOptional()
  @IsInstant()
  occurredAt?: string;
}
