/** What a shard tells whoever watches it. */
export interface ShardObserver {
  /** A batch was written: its size, how many must be decided again, seconds from load to commit. */
  batch(size: number, conflicts: number, seconds: number): void;
  /** Of a batch's commands, how many were decided on cached accounts and how many were loaded. */
  loaded(cached: number, loaded: number): void;
  /** So many commands of a batch met the end of what was loaded, and are decided again with more loaded. */
  reloaded(count: number): void;
  /** So many commands of a batch were decided at the last instant on record, for the clock was behind it; so many were refused. */
  clockBehind(held: number, refused: number): void;
  /** A batch met an error; `kind` as `classifySqlError` has it. */
  failed(kind: string, error: unknown): void;
  /** Something was committed. */
  committed(): void;
}

/** What the pipeline tells whoever watches it (metrics). */
export interface PipelineObserver extends ShardObserver {
  outcome(command: string, outcome: string, seconds: number): void;
}
