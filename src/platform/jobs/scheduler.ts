import { Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { Clock } from '../../kernel/time.js';
import type { Job } from './job.js';
import type { JobRunner } from './job-runner.js';
import type { JobState, JobStore } from './job.store.js';
import { LeaderLock } from './leader-lock.store.js';
import { describeSchedule, firstRun, isDue } from './schedule.js';

/** How often it is looked which jobs are due: the most by which a run is late beside its jitter. */
export const LOOK_EVERY_MS = 1_000;
/** The lock of the process that begins the exclusive jobs. */
export const SCHEDULER_LOCK = 'scheduler';

export interface SchedulerParts {
  readonly dataSource: DataSource;
  readonly store: JobStore;
  readonly clock: Clock;
  /** From 0 up to, but not including, 1. */
  readonly random: () => number;
}

/**
 * Begins the jobs that are due. Of all processes one leads and begins the exclusive jobs; where it dies, the next one
 * leads at its next look. Jobs run beside one another, so that a slow one delays only itself.
 */
export class Scheduler implements OnApplicationBootstrap {
  private readonly logger = new Logger('Jobs');
  private readonly leader: LeaderLock;
  /** When the jobs of this process alone are due. */
  private readonly ownPlans = new Map<string, number>();
  private leads = false;
  private timer: NodeJS.Timeout | null = null;
  private looking: Promise<void> | null = null;
  private stopped = false;

  constructor(
    private readonly jobs: readonly Job[],
    private readonly runner: JobRunner,
    private readonly parts: SchedulerParts,
  ) {
    this.leader = new LeaderLock(parts.dataSource, SCHEDULER_LOCK);
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.look(), LOOK_EVERY_MS);
  }

  /** Begins what is due now. A look under way is not begun a second time. */
  look(): Promise<void> {
    if (this.stopped) return Promise.resolve();
    this.looking ??= this.lookOnce()
      .catch((error: unknown) => this.logger.warn(`jobs cannot be begun now: ${String(error)}`))
      .finally(() => (this.looking = null));
    return this.looking;
  }

  /** Aborts the runs under way, waits until they have ended or have had their grace, and gives up the lead. */
  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearInterval(this.timer);
    this.runner.abort('The process is shutting down.', 'all');
    await this.looking;
    this.runner.abort('The process is shutting down.', 'all');
    await this.runner.settled();
    await this.leader.release();
  }

  private async lookOnce(): Promise<void> {
    await this.leadOrFollow();
    let states = await this.parts.store.all();
    if (this.leads && (await this.knowAll(states))) states = await this.parts.store.all();
    if (this.stopped) return;
    for (const job of this.jobs) if (this.isDueHere(job, states.get(job.name))) this.begin(job);
  }

  private async leadOrFollow(): Promise<void> {
    const { store, clock } = this.parts;
    const led = this.leads;
    this.leads = await this.leader.hold();
    if (led && !this.leads) this.runner.abort('The leader lock was lost.', 'exclusive');
    if (led || !this.leads) return;
    const exclusive = this.jobs.filter(({ exclusive }) => exclusive).map(({ name }) => name);
    await store.takeOver(exclusive, clock.now());
  }

  /**
   * Plans jobs that are new or have a new schedule. Only the leader does, as processes of two releases would plan a job
   * by two schedules in turn.
   * @returns whether there were any.
   */
  private async knowAll(states: ReadonlyMap<string, JobState>): Promise<boolean> {
    const now = this.parts.clock.now();
    const unknown = this.jobs.filter(
      ({ name, schedule }) => states.get(name)?.schedule !== describeSchedule(schedule),
    );
    for (const { name, schedule } of unknown) {
      const first = firstRun(schedule, now, this.parts.random());
      await this.parts.store.know(name, describeSchedule(schedule), first);
    }
    return unknown.length > 0;
  }

  private isDueHere(job: Job, state: JobState | undefined): boolean {
    if (!state || this.runner.isRunning(job.name) || (job.exclusive && !this.leads)) return false;
    if (state.requestedAt !== null) return true;
    const now = this.parts.clock.now();
    const planned = job.exclusive ? state.nextRunAt : (this.ownPlans.get(job.name) ?? now);
    return isDue(job.schedule, planned, now);
  }

  private begin(job: Job): void {
    this.runner
      .run(job.name)
      .then((run) => {
        if (run.outcome !== 'busy') this.ownPlans.set(job.name, run.nextRunAt);
      })
      .catch((error: unknown) => this.logger.warn(`job ${job.name} cannot be run now: ${String(error)}`));
  }
}
