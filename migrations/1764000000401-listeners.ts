import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE } from './1764000000001-application-role.js';

/**
 * Each listener has a row of its own, with what became of its last event; events that it could not handle are kept
 * beside it (ADR 0026).
 */
export class Listeners1764000000401 implements MigrationInterface {
  name = 'Listeners1764000000401';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE event_cursors
      ADD COLUMN programme_id uuid,
      ADD COLUMN attempts int NOT NULL DEFAULT 0 CHECK (attempts >= 0),
      ADD COLUMN last_error text,
      ADD COLUMN last_error_at timestamptz`);
    await runner.query(DEAD_LETTERS);
    await runner.query(`GRANT DELETE ON event_cursors TO ${APPLICATION_ROLE}`);
    await runner.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON dead_letters TO ${APPLICATION_ROLE}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE dead_letters');
    await runner.query(`ALTER TABLE event_cursors DROP COLUMN programme_id, DROP COLUMN attempts,
      DROP COLUMN last_error, DROP COLUMN last_error_at`);
  }
}

const DEAD_LETTERS = `
  CREATE TABLE dead_letters (
    consumer text NOT NULL,
    position bigint NOT NULL,
    event_id uuid NOT NULL,
    programme_id uuid NOT NULL,
    attempts int NOT NULL CHECK (attempts > 0),
    error text NOT NULL,
    failed_at timestamptz NOT NULL,
    -- Set while it waits to be handed over again.
    retry_at timestamptz,
    PRIMARY KEY (consumer, position)
  );
  CREATE INDEX dead_letters_programme ON dead_letters (programme_id, position, consumer)`;
