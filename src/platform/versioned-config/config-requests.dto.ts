import { IsOptional, IsString, Length } from 'class-validator';
import { IsFlag, IsInstant } from '../http/fields.js';

/** The longest note of an act or a decision, in characters. */
export const MAX_NOTE_LENGTH = 500;

export class PublishDto {
  /** From when it holds; default now. */
  @IsOptional()
  @IsInstant()
  effectiveAt?: string;

  /** Needed for an instant in the past: late receipts are then evaluated with it, what was granted stays. */
  @IsFlag()
  retroactive?: boolean;
}

/** Why something is done to published configuration. */
export class ActNoteDto {
  @IsOptional()
  @IsString()
  @Length(1, MAX_NOTE_LENGTH)
  note?: string;
}
