import type { IdSource } from '../../kernel/ids.js';
import type { Command, Outcome } from '../pipeline/index.js';
import type { Caller } from './caller.js';

/** What a request for a command carries beside its path and body. Every field is required: none can be forgotten. */
export interface CommandContext {
  readonly caller: Caller;
  readonly ids: IdSource;
  /** The header `Idempotency-Key` as it came. */
  readonly idempotencyKey: string | undefined;
  /** The answer says what would happen; nothing is written. */
  readonly dryRun: boolean;
  /** The answer shows the trace of the rules. */
  readonly explain: boolean;
  /** A line of a stream: single commands go before it. */
  readonly bulk: boolean;
}

/** Hands a command to the pipeline. */
export type Submit = (command: Command) => Promise<Outcome>;

/**
 * What a command route makes of its request: a command, or a function for what takes more than one command, or shows
 * more than the stored answer.
 */
export type Submission = Command | ((submit: Submit) => Promise<Outcome>);

/** The context of a command that comes without a key: of a line of a stream, or of what one request leads to. */
export function contextOf(
  caller: Caller,
  ids: IdSource,
  {
    dryRun = false,
    explain = false,
    bulk = false,
  }: Partial<Pick<CommandContext, 'dryRun' | 'explain' | 'bulk'>> = {},
): CommandContext {
  return { caller, ids, idempotencyKey: undefined, dryRun, explain, bulk };
}
