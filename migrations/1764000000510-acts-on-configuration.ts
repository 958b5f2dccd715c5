import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE } from './1764000000001-application-role.js';

/** What is done to configuration after its publication: planned versions that are taken back, pauses and their ends. */
export class ActsOnConfiguration1764000000510 implements MigrationInterface {
  name = 'ActsOnConfiguration1764000000510';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE config_acts (
        act_id uuid PRIMARY KEY,
        programme_id uuid NOT NULL REFERENCES programmes (programme_id),
        kind text NOT NULL,
        key text NOT NULL,
        -- The version that was taken back; null for what concerns all versions of the key.
        version int,
        act text NOT NULL CHECK (act IN ('withdrawn', 'paused', 'resumed')),
        at timestamptz NOT NULL,
        by text NOT NULL,
        note text,
        CHECK ((act = 'withdrawn') = (version IS NOT NULL))
      )`);
    await runner.query('CREATE INDEX config_acts_by_key ON config_acts (programme_id, kind, key, at)');
    await runner.query(`CREATE UNIQUE INDEX config_acts_withdrawn ON config_acts (programme_id, kind, key, version)
      WHERE act = 'withdrawn'`);
    await runner.query(`GRANT SELECT, INSERT ON config_acts TO ${APPLICATION_ROLE}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE config_acts');
  }
}
