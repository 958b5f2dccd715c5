import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE } from './1764000000001-application-role.js';

/**
 * Each write of the pipeline locks the newest row, for as long as its transaction lasts: what waits for all writes
 * that began before a change puts a newer row beside it and deletes the older ones (ADR 0023).
 */
export class WriteBarriers1764000000402 implements MigrationInterface {
  name = 'WriteBarriers1764000000402';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE write_barriers (barrier bigint PRIMARY KEY)');
    await runner.query('INSERT INTO write_barriers (barrier) VALUES (1)');
    // A row is locked by those who may update it.
    await runner.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON write_barriers TO ${APPLICATION_ROLE}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE write_barriers');
  }
}
