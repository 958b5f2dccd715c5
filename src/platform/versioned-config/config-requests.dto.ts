import { IsOptional } from 'class-validator';
import { IsFlag, IsInstant } from '../http/fields.js';

export class PublishDto {
  /** From when it holds; default now. */
  @IsOptional()
  @IsInstant()
  effectiveAt?: string;

  /** Needed for an instant in the past: late receipts are then evaluated with it, what was granted stays. */
  @IsFlag()
  retroactive?: boolean;
}
