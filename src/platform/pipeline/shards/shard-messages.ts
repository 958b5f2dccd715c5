import type { Command } from '../contract/command.js';
import type { ShardOutcome } from './shard.js';
import type { ShardObserver } from './observer.js';

/**
 * What the thread of the requests and that of a shard tell each other. Everything is copied on the way (structured
 * clone), so commands and outcomes are plain data; several of one turn of the event loop travel together.
 */
export type ToShard =
  | { readonly kind: 'commands'; readonly commands: readonly SentCommand[] }
  /** Answer what was taken, let go of the database, and end. */
  | { readonly kind: 'close' };

export interface SentCommand {
  /** By which its outcome is told. */
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
  /** It rejected: an error loses its class on the way, not its words, nor its code. */
  | {
      readonly number: number;
      readonly message: string;
      readonly stack: string;
      readonly code: string | undefined;
    };

/** A call of the shard's observer, made on the other side; errors stay on this one. */
export type Observation = {
  readonly [K in keyof ShardObserver]: readonly [K, ...Parameters<ShardObserver[K]>];
}[keyof ShardObserver];
