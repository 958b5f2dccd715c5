import { IsFlag } from './fields.js';

/** The query of a command. */
export class CommandQueryDto {
  /** Answers what would happen, and writes nothing. */
  @IsFlag()
  dryRun?: boolean;
}
