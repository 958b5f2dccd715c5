/** What the pipeline tells whoever watches it (metrics, logs). */
export interface PipelineObserver {
  /** A batch was written: its size, how many must be decided again, seconds from load to commit. */
  batch(size: number, conflicts: number, seconds: number): void;
  /** Of a batch's commands, how many went on from kept accounts and how many were loaded. */
  loaded(kept: number, loaded: number): void;
  failed(kind: string, error: unknown): void;
  /** Something was committed. */
  committed(): void;
  outcome(command: string, outcome: string, seconds: number): void;
}
