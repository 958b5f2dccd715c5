import type { DataSource } from 'typeorm';
import { idToUuid, uuidToId, type ProgrammeId, type VerifyRunId } from '../../kernel/ids.js';
import type { Instant } from '../../kernel/time.js';
import type { Row } from '../../platform/database/row.js';
import type { VerifyState } from './verify-state.js';

/** `waiting`: for the job that carries runs out. */
export const VERIFY_RUN_STATES = ['waiting', 'running', 'interrupted', 'finished'] as const;
export type VerifyRunState = (typeof VERIFY_RUN_STATES)[number];

/** A run as it is recorded. */
export interface VerifyRun {
  readonly runId: VerifyRunId;
  readonly state: VerifyRunState;
  /** Identifies the process that carries the run out. */
  readonly lease: number;
  readonly startedAt: Instant;
  readonly updatedAt: Instant;
  readonly progress: VerifyState;
  readonly error: string | null;
}

/** A run without a sign of life for so long may be taken over. */
export const LEASE_MS = 60_000;

const SAVE = `UPDATE verify_runs SET state = $3, updated_at = $4, progress = $5, error = $6
  WHERE run_id = $1 AND lease = $2 RETURNING run_id`;

const ALIVE = `UPDATE verify_runs SET updated_at = $3 WHERE run_id = $1 AND lease = $2 AND state = 'running'`;

/** Takes an interrupted run over, or one whose process is gone. */
const TAKE = `UPDATE verify_runs SET state = 'running', lease = lease + 1, updated_at = $2, error = NULL
  WHERE run_id = $1 AND (state = 'interrupted' OR (state = 'running' AND updated_at < $3)) RETURNING *`;

/** Has an interrupted run, or one whose process is gone, wait for the job. */
const REQUEUE = `UPDATE verify_runs SET state = 'waiting', lease = lease + 1, updated_at = $2, error = NULL
  WHERE run_id = $1 AND (state = 'interrupted' OR (state = 'running' AND updated_at < $3)) RETURNING *`;

/**
 * The run that waits longest, or one whose process died while the job carried it out. Those of the command line belong
 * to no programme and are left to it.
 */
const TAKE_WAITING = `UPDATE verify_runs SET state = 'running', lease = lease + 1, updated_at = $1
  WHERE run_id = (SELECT w.run_id FROM verify_runs w
    WHERE w.programme_id IS NOT NULL AND (w.state = 'waiting' OR (w.state = 'running' AND w.updated_at < $2))
    ORDER BY w.updated_at, w.run_id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING *`;

const LATEST = `SELECT r.* FROM verify_runs r
  WHERE r.programme_id IS NOT DISTINCT FROM $1::uuid AND r.state <> 'finished'
  ORDER BY r.started_at DESC, r.run_id DESC LIMIT 1`;

/** How far runs of `verify` have come. */
export class VerifyRunStore {
  constructor(private readonly dataSource: DataSource) {}

  /** @param state `running`: the caller carries it out. */
  async create(
    runId: VerifyRunId,
    progress: VerifyState,
    now: Instant,
    state: 'waiting' | 'running' = 'running',
  ): Promise<VerifyRun> {
    const programme = progress.programmeId === null ? null : idToUuid(progress.programmeId);
    await this.dataSource.query(
      `INSERT INTO verify_runs (run_id, programme_id, state, lease, started_at, updated_at, progress)
       VALUES ($1, $2, $5, 1, $3, $3, $4)`,
      [idToUuid(runId), programme, new Date(now), JSON.stringify(progress), state],
    );
    return { runId, state, lease: 1, startedAt: now, updatedAt: now, progress, error: null };
  }

  async find(runId: VerifyRunId): Promise<VerifyRun | null> {
    const [row] = await this.dataSource.query<Row[]>('SELECT r.* FROM verify_runs r WHERE r.run_id = $1', [
      idToUuid(runId),
    ]);
    return row ? readRun(row) : null;
  }

  /** The last run of a programme, or of the whole installation, that was not finished. */
  async latestUnfinished(programmeId: ProgrammeId | null): Promise<VerifyRun | null> {
    const [row] = await this.dataSource.query<Row[]>(LATEST, [
      programmeId === null ? null : idToUuid(programmeId),
    ]);
    return row ? readRun(row) : null;
  }

  /** @returns whether the run is still the caller's. */
  async save(
    { runId, lease }: VerifyRun,
    change: { readonly state: VerifyRunState; readonly progress: VerifyState; readonly error?: string },
    now: Instant,
  ): Promise<boolean> {
    const { state, progress, error = null } = change;
    const values = [idToUuid(runId), lease, state, new Date(now), JSON.stringify(progress), error];
    const [rows] = await this.dataSource.query<[Row[], number]>(SAVE, values);
    return rows.length > 0;
  }

  /** Says that the run is being carried out. */
  async alive({ runId, lease }: VerifyRun, now: Instant): Promise<void> {
    await this.dataSource.query(ALIVE, [idToUuid(runId), lease, new Date(now)]);
  }

  /** Takes a run over. @returns null if it is finished, or another process carries it out. */
  take(runId: VerifyRunId, now: Instant): Promise<VerifyRun | null> {
    return this.changed(TAKE, [idToUuid(runId), new Date(now), new Date(now - LEASE_MS)]);
  }

  /** Has a run go on in the job. @returns null when it is finished, waits already, or is being carried out. */
  requeue(runId: VerifyRunId, now: Instant): Promise<VerifyRun | null> {
    return this.changed(REQUEUE, [idToUuid(runId), new Date(now), new Date(now - LEASE_MS)]);
  }

  /** Takes the next run for the job to carry out. @returns null where none waits. */
  takeWaiting(now: Instant): Promise<VerifyRun | null> {
    return this.changed(TAKE_WAITING, [new Date(now), new Date(now - LEASE_MS)]);
  }

  private async changed(sql: string, values: unknown[]): Promise<VerifyRun | null> {
    const [rows] = await this.dataSource.query<[Row[], number]>(sql, values);
    const [row] = rows;
    return row ? readRun(row) : null;
  }
}

function readRun(row: Row): VerifyRun {
  return {
    runId: uuidToId('vrf', row['run_id'] as string),
    state: row['state'] as VerifyRunState,
    lease: Number(row['lease']),
    startedAt: (row['started_at'] as Date).getTime(),
    updatedAt: (row['updated_at'] as Date).getTime(),
    progress: row['progress'] as VerifyState,
    error: row['error'] as string | null,
  };
}
