/** Latencies in milliseconds. */
export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
  /** How many were measured. */
  readonly count: number;
}

/** One measured interval of one contestant. */
export interface Sample {
  readonly perSecond: number;
  readonly done: number;
  readonly seconds: number;
  /** CPU microseconds of the server's node processes for each thing done; 0 where there is none. */
  readonly nodeMicros: number;
  /** CPU microseconds of all of PostgreSQL's processes for each thing done. */
  readonly postgresMicros: number;
  /** CPU microseconds of the load generator, or of pgbench, for each thing done. */
  readonly loadMicros: number;
  readonly latencies?: Percentiles;
}

/** Something that is measured in turn with others. */
export interface Contestant {
  readonly name: string;
  /** Works as fast as it can for about so many seconds. @throws Error when anything was answered that should not be. */
  measure(seconds: number): Promise<Sample>;
  /** Called once, before the first round and before anybody is connected to the stage's database. */
  prepare?(): Promise<void>;
  /** Called once, after the last round, also after a failure. */
  close?(): Promise<void>;
}

/** What one contestant did in all rounds; the warm-up is not among the samples. */
export interface Measured {
  readonly name: string;
  readonly samples: readonly Sample[];
}

/** What issue 4 asks of a figure: at least or at most so much. */
export interface Target {
  readonly least?: number;
  readonly most?: number;
  readonly aim?: number;
}

/** One figure that a scene is about, beside its target if it has one. */
export interface Finding {
  readonly name: string;
  readonly value: number;
  /** Absent for a ratio. */
  readonly unit?: string;
  readonly target?: Target;
}

/** A plot as the text of an SVG file. */
export interface Plot {
  /** The file's name without its ending. */
  readonly name: string;
  readonly svg: string;
}

export interface SceneResult {
  /** The rows of the table, in its order. */
  readonly measured: readonly Measured[];
  /** The name of the row that the table's ratios refer to; none without. */
  readonly reference?: string;
  readonly findings: readonly Finding[];
  /** What a reader has to know to read the figures, one sentence each. */
  readonly notes: readonly string[];
  readonly plots: readonly Plot[];
  /** PostgreSQL's settings. */
  readonly server?: Readonly<Record<string, string>>;
  /** Whatever else belongs into the JSON file. */
  readonly details?: unknown;
}

export interface SceneOptions {
  /** How often each contestant is measured, the warm-up aside. */
  readonly rounds: number;
  /** How long one measurement takes. */
  readonly seconds: number;
  /** Another tree of this repository, for the scene that compares with one. */
  readonly tree?: string;
  /** How long the scenes take that watch a process over time. */
  readonly minutes: number;
  /** Tells how far the scene is; goes to standard error. */
  readonly log: (text: string) => void;
}

export interface Scene {
  readonly name: string;
  readonly purpose: string;
  /** How long it usually takes with the default options. */
  readonly usual: string;
  /** Whether it runs when none is named. */
  readonly byDefault: boolean;
  /** @throws InvalidRun when what was written is not what was answered. */
  run(options: SceneOptions): Promise<SceneResult>;
}

/** The run scores nothing: an answer was wrong, or the rows are. */
export class InvalidRun extends Error {}
