import type { Command } from '../contract/command.js';
import type { ShardOutcome } from './shard.js';
import type { ShardObserver } from './observer.js';

/**
 * Messages between the thread of the requests and that of a shard. They are copied (structured clone), so commands
 * and outcomes are plain data; those of one turn of the event loop travel together.
 */
export type ToShard =
  | { readonly kind: 'commands'; readonly commands: readonly SentCommand[] }
  /** Answer the accepted commands, release the database, and end. */
  | { readonly kind: 'close' };

export interface SentCommand {
  /** Identifies its outcome. */
  readonly number: number;
  readonly command: Command;
  readonly mayForward: boolean;
}

export type FromShard =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'news';
      readonly outcomes: readonly SentOutcome[];
      readonly observations: readonly Observation[];
    }
  | { readonly kind: 'closed' };

export type SentOutcome =
  | { readonly number: number; readonly outcome: ShardOutcome }
  /** The promise was rejected: an error loses its class on the way, but keeps its message and code. */
  | {
      readonly number: number;
      readonly message: string;
      readonly stack: string;
      readonly code: string | undefined;
    };

/** A call of the shard's observer, made in the thread of the requests; error objects are not sent. */
export type Observation = {
  readonly [K in keyof ShardObserver]: readonly [K, ...Parameters<ShardObserver[K]>];
}[keyof ShardObserver];
