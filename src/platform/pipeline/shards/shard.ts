import type { Command, Outcome } from '../contract/command.js';

/**
 * What a shard says to a command: its outcome, or that another shard is the place for it. That one goes on from the
 * account in memory, so it is always faster than this one, which must load.
 */
export type ShardOutcome = Outcome | { readonly kind: 'forwarded' };

/** A shard as the pipeline knows it, in whichever thread it is. */
export interface Shard {
  submit(command: Command, mayForward: boolean): Promise<ShardOutcome>;
  close(): Promise<void>;
}
