import type { DataSource } from 'typeorm';
import { idToUuid, type Id, type ProgrammeId } from '../../kernel/ids.js';
import type { Instant } from '../../kernel/time.js';
import { appendAudit } from '../audit/audit.store.js';
import type { Outcome } from './bounded-run.js';

/** A job as it is kept, for all processes alike. */
export interface JobState {
  readonly name: string;
  readonly schedule: string;
  readonly nextRunAt: Instant;
  /** A requested run that has not begun. */
  readonly requestedAt: Instant | null;
  /** Null where no run is under way. */
  readonly runningSince: Instant | null;
  readonly lastStartedAt: Instant | null;
  readonly lastFinishedAt: Instant | null;
  readonly lastSucceededAt: Instant | null;
  readonly lastOutcome: Outcome | null;
  readonly lastError: string | null;
  /** Runs in a row that failed or took too long. */
  readonly failures: number;
}

/** What is kept of a run that ended. */
export interface EndedRun {
  readonly runNo: string;
  readonly outcome: Outcome;
  readonly error: string | null;
  readonly finishedAt: Instant;
  readonly nextRunAt: Instant;
}

/** The requester of a run, for the audit log of the programme of the key. */
export interface RunRequest {
  readonly auditId: Id<'adt'>;
  readonly programmeId: ProgrammeId;
  readonly actor: string;
  readonly now: Instant;
}

interface JobRow {
  readonly name: string;
  readonly schedule: string;
  readonly next_run_at: Date;
  readonly requested_at: Date | null;
  readonly running_since: Date | null;
  readonly last_started_at: Date | null;
  readonly last_finished_at: Date | null;
  readonly last_succeeded_at: Date | null;
  readonly last_outcome: Outcome | null;
  readonly last_error: string | null;
  readonly failures: number;
}

/** A job with a new schedule is planned anew; what is known of its runs stays. */
const KNOW = `INSERT INTO jobs (name, schedule, next_run_at) VALUES ($1, $2, $3)
  ON CONFLICT (name) DO UPDATE SET schedule = excluded.schedule, next_run_at = excluded.next_run_at
  WHERE jobs.schedule <> excluded.schedule`;

/** A new number, so that a run that was given up can write nothing more. */
const STARTED = `INSERT INTO jobs (name, schedule, next_run_at, running_since, last_started_at, run_no)
  VALUES ($1, $2, $3, $3, $3, 1) ON CONFLICT (name) DO UPDATE
  SET running_since = $3, last_started_at = $3, requested_at = NULL, run_no = jobs.run_no + 1
  RETURNING run_no, failures`;

const FINISHED = `UPDATE jobs SET running_since = NULL, last_finished_at = $3, next_run_at = $4, last_outcome = $5,
    last_error = $6, last_succeeded_at = CASE WHEN $5 = 'succeeded' THEN $3 ELSE last_succeeded_at END,
    failures = CASE $5 WHEN 'succeeded' THEN 0 WHEN 'aborted' THEN failures ELSE failures + 1 END
  WHERE name = $1 AND run_no = $2`;

const TAKEN_OVER = `UPDATE jobs SET running_since = NULL, last_finished_at = $2, next_run_at = $2, run_no = run_no + 1,
    last_outcome = 'aborted', last_error = 'The process that ran it is gone.'
  WHERE name = ANY($1) AND running_since IS NOT NULL`;

const REQUESTED = `UPDATE jobs SET requested_at = coalesce(requested_at, $2)
  WHERE name = $1 AND running_since IS NULL RETURNING name`;

/** What the jobs did and will do: the state of which every process shows the same. */
export class JobStore {
  constructor(private readonly dataSource: DataSource) {}

  async all(): Promise<ReadonlyMap<string, JobState>> {
    const rows = await this.dataSource.query<JobRow[]>('SELECT j.* FROM jobs j');
    return new Map(rows.map((row) => [row.name, readJob(row)]));
  }

  /** Notes a job that the table does not have, or has with another schedule. */
  async know(name: string, schedule: string, nextRunAt: Instant): Promise<void> {
    await this.dataSource.query(KNOW, [name, schedule, new Date(nextRunAt)]);
  }

  /** @returns the number of the run, and how many before it failed in a row. */
  async started(
    name: string,
    schedule: string,
    now: Instant,
  ): Promise<{ readonly runNo: string; readonly failures: number }> {
    const values = [name, schedule, new Date(now)];
    const [row] = await this.dataSource.query<[{ run_no: string; failures: number }]>(STARTED, values);
    return { runNo: row.run_no, failures: row.failures };
  }

  /** Does nothing where the job was taken over, or begun again, meanwhile. */
  async finished(name: string, { runNo, outcome, error, ...at }: EndedRun): Promise<void> {
    const values = [new Date(at.finishedAt), new Date(at.nextRunAt), outcome, error];
    await this.dataSource.query(FINISHED, [name, runNo, ...values]);
  }

  /** Ends, on paper, the runs of a leader that is gone; the jobs are due again. */
  async takeOver(names: readonly string[], now: Instant): Promise<void> {
    await this.dataSource.query(TAKEN_OVER, [names, new Date(now)]);
  }

  /** Requests a run and records the requester. A second request before the run begins changes nothing. */
  async request(name: string, { auditId, programmeId, actor, now }: RunRequest): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      const [rows] = await manager.query<[unknown[], number]>(REQUESTED, [name, new Date(now)]);
      if (rows.length === 0) return false;
      await appendAudit(manager, {
        auditId: idToUuid(auditId),
        programmeId: idToUuid(programmeId),
        at: new Date(now),
        actor,
        action: 'job.requested',
        subject: `jobs/${name}`,
        before: null,
        after: { name },
        record: null,
      });
      return true;
    });
  }
}

function readJob(row: JobRow): JobState {
  const at = (date: Date | null): Instant | null => date?.getTime() ?? null;
  return {
    name: row.name,
    schedule: row.schedule,
    nextRunAt: row.next_run_at.getTime(),
    requestedAt: at(row.requested_at),
    runningSince: at(row.running_since),
    lastStartedAt: at(row.last_started_at),
    lastFinishedAt: at(row.last_finished_at),
    lastSucceededAt: at(row.last_succeeded_at),
    lastOutcome: row.last_outcome,
    lastError: row.last_error,
    failures: row.failures,
  };
}
