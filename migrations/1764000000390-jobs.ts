import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE } from './1764000000001-application-role.js';

/** What the jobs did and will do, for all processes; and runs of `verify` that wait for the job that carries them out. */
export class Jobs1764000000390 implements MigrationInterface {
  name = 'Jobs1764000000390';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(JOBS);
    await runner.query(runStates(['waiting', 'running', 'interrupted', 'finished']));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`UPDATE verify_runs SET state = 'interrupted' WHERE state = 'waiting'`);
    await runner.query(runStates(['running', 'interrupted', 'finished']));
    await runner.query(`DROP TABLE jobs`);
  }
}

const JOBS = `
  CREATE TABLE jobs (
    name text PRIMARY KEY,
    schedule text NOT NULL,
    next_run_at timestamptz NOT NULL,
    -- A run that was asked for and has not begun.
    requested_at timestamptz,
    running_since timestamptz,
    -- Moves on with each run; a run that was given up writes nothing more.
    run_no bigint NOT NULL DEFAULT 0,
    last_started_at timestamptz,
    last_finished_at timestamptz,
    last_succeeded_at timestamptz,
    last_outcome text CHECK (last_outcome IN ('succeeded', 'failed', 'timed_out', 'aborted')),
    last_error text,
    -- Runs in a row that failed or took too long.
    failures int NOT NULL DEFAULT 0
  );
  GRANT SELECT, INSERT, UPDATE ON jobs TO ${APPLICATION_ROLE};`;

function runStates(states: readonly string[]): string {
  const list = states.map((state) => `'${state}'`).join(', ');
  return `ALTER TABLE verify_runs DROP CONSTRAINT verify_runs_state_check;
    ALTER TABLE verify_runs ADD CONSTRAINT verify_runs_state_check CHECK (state IN (${list}))`;
}
