import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE } from './1764000000001-application-role.js';

/** Changes that wait for a second person. The row is a state; each of its steps is an entry of the audit log. */
export class ChangeRequests1764000000511 implements MigrationInterface {
  name = 'ChangeRequests1764000000511';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE change_requests (
        request_id uuid PRIMARY KEY,
        programme_id uuid NOT NULL REFERENCES programmes (programme_id),
        subject text NOT NULL,
        subject_id text NOT NULL,
        digest bytea NOT NULL CHECK (length(digest) = 32),
        base_version int,
        before json,
        content json NOT NULL,
        requested_by text NOT NULL,
        requested_at timestamptz NOT NULL,
        maker_lines uuid[] NOT NULL,
        effective_at timestamptz,
        expires_at timestamptz NOT NULL,
        state text NOT NULL CHECK (state IN ('open', 'applied', 'rejected', 'lapsed', 'withdrawn')),
        decided_by text,
        decided_at timestamptz,
        decision_note text,
        CHECK ((state = 'open') = (decided_at IS NULL))
      )`);
    await runner.query(
      'CREATE INDEX change_requests_list ON change_requests (programme_id, requested_at, request_id)',
    );
    await runner.query(`CREATE INDEX change_requests_open ON change_requests (programme_id, subject, subject_id)
      WHERE state = 'open'`);
    await runner.query(`GRANT SELECT, INSERT, UPDATE ON change_requests TO ${APPLICATION_ROLE}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE change_requests');
  }
}
