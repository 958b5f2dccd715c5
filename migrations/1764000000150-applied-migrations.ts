import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE } from './1764000000001-application-role.js';

/**
 * The application may read which migrations ran: where its user does not own the schema, it tells at the start
 * whether the schema is that of its release.
 */
export class AppliedMigrations1764000000150 implements MigrationInterface {
  name = 'AppliedMigrations1764000000150';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`GRANT SELECT ON migrations TO ${APPLICATION_ROLE}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`REVOKE SELECT ON migrations FROM ${APPLICATION_ROLE}`);
  }
}
