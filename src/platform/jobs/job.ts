import { milliseconds, requireSchedule, type Duration, type Schedule } from './schedule.js';

/** A class of which Nest has an instance. */
type Injectable = abstract new (...args: never[]) => unknown;
type Instances<N extends readonly Injectable[]> = { readonly [K in keyof N]: InstanceType<N[K]> };

/** What a job is defined by. */
type JobDefinition<N extends readonly Injectable[]> = Schedule & {
  /** Lower case words with hyphens. Stable: the job's state is kept under it. */
  readonly name: string;
  /**
   * True: of all processes one runs it at a time. False: each process runs it by itself, for what belongs to the
   * process, and the state that is shown is that of the last run anywhere.
   */
  readonly exclusive: boolean;
  /** After it the run is aborted and counts as failed. */
  readonly timeout: Duration;
  /** Classes whose instances `run` is given. */
  readonly inject: N;
  /**
   * Does the work; what it returns is dropped, so a figure belongs into `Metrics` or a query. A run must be safe to be cut off anywhere and to be repeated: a process can die in it, and one that
   * lost its connection to the database may still be ending while the next begins.
   * @param signal aborted at the timeout, at shutdown and where the leader lock is lost; the run then ends soon, by
   *   returning or by an error, and leaves what remains to the next run.
   */
  run(signal: AbortSignal, ...instances: Instances<N>): Promise<unknown>;
};

/** Work that the engine does by itself, again and again. */
export interface Job {
  readonly name: string;
  readonly schedule: Schedule;
  readonly exclusive: boolean;
  readonly timeoutMs: number;
  readonly inject: readonly Injectable[];
  run(signal: AbortSignal, instances: readonly unknown[]): Promise<unknown>;
}

const NAME = /^[a-z]+(-[a-z]+)*$/;

/**
 * Defines a job; `jobs` in `composition.ts` lists all.
 * @throws Error for a name, a schedule or a timeout that cannot be.
 */
export function job<const N extends readonly Injectable[]>(definition: JobDefinition<N>): Job {
  const { name, exclusive, inject } = definition;
  if (!NAME.test(name)) throw new Error(`${name} is no name of a job: lower case words with hyphens`);
  const schedule = 'every' in definition ? { every: definition.every } : { at: definition.at };
  requireSchedule(schedule);
  const timeoutMs = milliseconds(definition.timeout);
  if (!(timeoutMs > 0)) throw new Error('the timeout of a job is positive');
  return {
    name,
    schedule,
    exclusive,
    timeoutMs,
    inject,
    run: (signal, instances) => definition.run(signal, ...(instances as Instances<N>)),
  };
}
