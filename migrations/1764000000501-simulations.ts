import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE } from './1764000000001-application-role.js';

/**
 * Simulations with their results, kept for a while and then removed. Nothing rests on them. The index lets a programme
 * have one that is not over.
 */
export class Simulations1764000000501 implements MigrationInterface {
  name = 'Simulations1764000000501';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE simulations (
        simulation_id uuid PRIMARY KEY,
        programme_id uuid NOT NULL REFERENCES programmes (programme_id),
        state text NOT NULL
          CHECK (state IN ('waiting', 'running', 'cancelling', 'finished', 'failed', 'cancelled')),
        lease int NOT NULL,
        requested_by text NOT NULL,
        requested_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        ended_at timestamptz,
        request json NOT NULL,
        expected json NOT NULL,
        progress json NOT NULL,
        recorded_by timestamptz,
        result json,
        error text,
        CHECK ((ended_at IS NULL) = (state IN ('waiting', 'running', 'cancelling'))),
        CHECK ((result IS NULL) = (state <> 'finished'))
      )`);
    await runner.query(`CREATE UNIQUE INDEX simulations_open ON simulations (programme_id)
      WHERE state IN ('waiting', 'running', 'cancelling')`);
    await runner.query('CREATE INDEX simulations_list ON simulations (programme_id, simulation_id)');
    await runner.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON simulations TO ${APPLICATION_ROLE}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE simulations');
  }
}
