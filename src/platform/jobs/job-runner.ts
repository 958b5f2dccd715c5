import { Logger } from '@nestjs/common';
import type { ModuleRef } from '@nestjs/core';
import type { DataSource } from 'typeorm';
import type { Clock, Instant } from '../../kernel/time.js';
import type { Metrics } from '../observability/metrics.js';
import { boundedRun, type Outcome, type RunResult } from './bounded-run.js';
import type { Job } from './job.js';
import type { EndedRun, JobStore } from './job.store.js';
import { LeaderLock } from './leader-lock.store.js';
import { describeSchedule, nextAfterFailure, nextRun, type Schedule } from './schedule.js';

const MS_PER_SECOND = 1000;
const BUSY = { outcome: 'busy' } as const;

export interface RunnerParts {
  readonly dataSource: DataSource;
  readonly store: JobStore;
  readonly clock: Clock;
  readonly metrics: Metrics;
  /** Where the instances are that jobs are given. */
  readonly instances: Pick<ModuleRef, 'get'>;
  /** From 0 up to, but not including, 1. */
  readonly random: () => number;
}

/** A run that ended, or `busy` where the job runs already. */
export type Ran = { readonly outcome: Outcome; readonly nextRunAt: Instant } | { readonly outcome: 'busy' };

/** Runs jobs in this process: one run of a job at a time, bounded in time, its end noted for all processes. */
export class JobRunner {
  private readonly logger = new Logger('Jobs');
  private readonly runs = new Map<string, { readonly job: Job; readonly control: AbortController }>();
  private readonly ending = new Set<Promise<unknown>>();

  constructor(
    private readonly jobs: readonly Job[],
    private readonly parts: RunnerParts,
  ) {}

  /** Whether a run of the job is under way in this process, or has not ended although it was aborted. */
  isRunning(name: string): boolean {
    return this.runs.has(name);
  }

  /**
   * Runs a job now, whether it is due or not.
   * @returns how it ended, and when the job is planned next; `busy` where it runs already, here or, for an exclusive
   *   job, in another process.
   * @throws Error where there is no such job, or where the database does not answer.
   */
  run(name: string): Promise<Ran> {
    const job = this.jobs.find((known) => known.name === name);
    if (!job) throw new Error(`there is no job ${name}`);
    if (this.runs.has(name)) return Promise.resolve(BUSY);
    const control = new AbortController();
    this.runs.set(name, { job, control });
    const ending = this.locked(job, control).finally(() => this.ending.delete(ending));
    this.ending.add(ending);
    return ending;
  }

  /** Aborts runs, all or the exclusive ones. */
  abort(reason: string, which: 'all' | 'exclusive'): void {
    for (const { job, control } of this.runs.values())
      if (which === 'all' || job.exclusive) control.abort(new Error(reason));
  }

  /** Waits until each run has ended, or has had its grace after it was aborted. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.ending);
  }

  /** The run holds the lock of its job, so that neither another process nor a command line does the same. */
  private async locked(job: Job, control: AbortController): Promise<Ran> {
    const lock = job.exclusive ? new LeaderLock(this.parts.dataSource, job.name) : null;
    const free = async (): Promise<void> => {
      await lock?.release();
      this.runs.delete(job.name);
    };
    let stuck: Promise<void> | null = null;
    try {
      if (lock && !(await lock.hold())) return BUSY;
      const result = await this.recorded(job, control);
      ({ stuck } = result);
      return result;
    } finally {
      // A run that does not end keeps its job from beginning again: each would take a connection with it.
      if (stuck) void stuck.then(free);
      else await free();
    }
  }

  private async recorded(job: Job, control: AbortController): Promise<RunResult & EndedRun> {
    const { store, clock, metrics, random } = this.parts;
    const { name, schedule } = job;
    const { runNo, failures } = await store.started(name, describeSchedule(schedule), clock.now());
    const begun = performance.now();
    const result = await boundedRun((signal) => job.run(signal, this.instancesOf(job)), control, job);
    const { outcome, error } = result;
    metrics.jobRan(name, outcome, (performance.now() - begun) / MS_PER_SECOND);
    this.report(name, result);
    const finishedAt = clock.now();
    const nextRunAt = nextAfter(outcome, { schedule, finishedAt, failures, random: random() });
    const ended = { runNo, outcome, error, finishedAt, nextRunAt };
    await store.finished(name, ended);
    return { ...result, ...ended };
  }

  private report(name: string, { outcome, error }: RunResult): void {
    if (outcome === 'failed' || outcome === 'timed_out')
      this.logger.warn(`job ${name} ${outcome}, and will be run again: ${error}`);
    if (outcome === 'aborted') this.logger.log(`job ${name} aborted: ${error}`);
  }

  private instancesOf({ inject }: Job): readonly unknown[] {
    return inject.map((type) => this.parts.instances.get(type as never, { strict: false }));
  }
}

/** When a job runs next after a run that ended so. */
function nextAfter(
  outcome: Outcome,
  run: {
    readonly schedule: Schedule;
    readonly finishedAt: Instant;
    /** In a row, before this run. */
    readonly failures: number;
    readonly random: number;
  },
): Instant {
  const { schedule, finishedAt, failures, random } = run;
  if (outcome === 'succeeded') return nextRun(schedule, finishedAt, random);
  // What was cut off goes on at once, in whichever process leads then.
  if (outcome === 'aborted') return finishedAt;
  return nextAfterFailure(schedule, finishedAt, failures + 1, random);
}
