import type { Command, Outcome } from '../contract/command.js';

/**
 * The outcome of a command, or that another shard should take it: that shard has the account cached and is always
 * faster than this one, which must load it.
 */
export type ShardOutcome = Outcome | { readonly kind: 'forwarded' };

/** A shard as the pipeline sees it, in this thread or in another. */
export interface Shard {
  submit(command: Command, mayForward: boolean): Promise<ShardOutcome>;
  close(): Promise<void>;
}
