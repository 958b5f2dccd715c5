import type { AccountId } from '../../../kernel/ids.js';
import type { Command, CommandHandler } from '../contract/command.js';
import { PRELOAD_SIZES } from '../contract/slice.js';

/** The step after the last preload size: all rows. */
export const ALL_ROWS = PRELOAD_SIZES.length;

/** What earlier attempts at a command lacked of one account, beyond what its handler preloads. */
export interface Demand {
  /** Preload sizes beyond the handler's own: 0 to `ALL_ROWS`. */
  readonly steps: number;
  readonly dates: boolean;
  readonly standing: boolean;
  readonly debts: boolean;
  /** Shared states that the configuration names for other commands. */
  readonly shared: boolean;
}

export const NO_DEMAND: Demand = { steps: 0, dates: false, standing: false, debts: false, shared: false };

export type Demands = ReadonlyMap<AccountId, Demand>;

/** A command whose state is to be loaded. */
export interface LoadRequest {
  readonly command: Command;
  /** By account, what earlier attempts lacked; null where none lacked anything. */
  readonly demands: Demands | null;
}

/** Whether the command needs more than the account's row, even if nothing is due. */
export function needsLazyRows(
  { command, demands }: LoadRequest,
  handler: CommandHandler | undefined,
): boolean {
  return demands !== null || handler?.needsLazyRows(command.body) === true;
}
