import type { Counted } from '../contract/work.js';

/** What a shard reports (metrics). */
export interface ShardObserver {
  /** A batch was written: its size, the number of commands to be decided again, seconds from load to commit. */
  batch(size: number, conflicts: number, seconds: number): void;
  /** The number of commands decided on cached accounts, and of those that were loaded. */
  loaded(cached: number, loaded: number): void;
  /** The number of commands that are loaded again with more rows. */
  reloaded(count: number): void;
  /** Commands that found the clock behind the last record: decided at the instant of that record, or refused. */
  clockBehind(held: number, refused: number): void;
  /** A carried-out command counted something. */
  counted(what: Counted): void;
  /** A batch met an error; `kind` is that of `classifySqlError`. */
  failed(kind: string, error: unknown): void;
  /** Something was committed. */
  committed(): void;
}

/** What the pipeline reports (metrics). */
export interface PipelineObserver extends ShardObserver {
  outcome(command: string, outcome: string, seconds: number): void;
}
