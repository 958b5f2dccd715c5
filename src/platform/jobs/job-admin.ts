import type { IdSource, ProgrammeId } from '../../kernel/ids.js';
import type { Problem } from '../../kernel/problem.js';
import { ok, refuse, type Result } from '../../kernel/result.js';
import type { Clock } from '../../kernel/time.js';
import type { Metrics } from '../observability/metrics.js';
import type { Job } from './job.js';
import type { JobState, JobStore } from './job.store.js';
import { jobProblems } from './problems.js';

const MS_PER_SECOND = 1000;

/** A job and what is known of its runs; null where no process has planned it yet. */
export interface KnownJob {
  readonly job: Job;
  readonly state: JobState | null;
}

interface AdminParts {
  readonly metrics: Metrics;
  /** Whether this process does background work. */
  readonly background: boolean;
  readonly store: JobStore;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** What operators see of the jobs, and may ask of them. */
export class JobAdmin {
  constructor(
    private readonly jobs: readonly Job[],
    private readonly parts: AdminParts,
  ) {
    parts.metrics.watchJobs(() => this.successAges());
  }

  get background(): boolean {
    return this.parts.background;
  }

  async list(): Promise<readonly KnownJob[]> {
    const states = await this.parts.store.all();
    return this.jobs.map((job) => ({ job, state: states.get(job.name) ?? null }));
  }

  /**
   * Asks for a run of a job now; the leader begins it at its next look. A job that waits for its run already is left so.
   * @param actor the key that asks, for the audit log of its programme.
   */
  async request(
    name: string,
    { programmeId, actor }: { readonly programmeId: ProgrammeId; readonly actor: string },
  ): Promise<Result<KnownJob, Problem>> {
    const { background, store, clock, ids } = this.parts;
    if (!this.jobs.some((job) => job.name === name))
      return refuse(jobProblems.problem('JOB_NOT_FOUND', `There is no job ${name}.`));
    if (!background)
      return refuse(
        jobProblems.problem('BACKGROUND_OFF', 'Send the request to a process that does background work.'),
      );
    const request = { auditId: ids.next('adt'), programmeId, actor, now: clock.now() };
    if (!(await store.request(name, request)))
      return refuse(jobProblems.problem('JOB_RUNNING', `A run of ${name} is under way.`));
    return ok((await this.list()).find(({ job }) => job.name === name) as KnownJob);
  }

  /** @returns seconds since each job last succeeded. */
  private async successAges(): Promise<ReadonlyMap<string, number>> {
    const now = this.parts.clock.now();
    const ages = (await this.list()).flatMap(({ job, state }) => {
      const last = state?.lastSucceededAt ?? null;
      return last === null ? [] : [[job.name, (now - last) / MS_PER_SECOND] as const];
    });
    return new Map(ages);
  }
}
