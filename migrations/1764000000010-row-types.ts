import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE } from './1764000000001-application-role.js';

/**
 * The schema of the composite types by which the pipeline hands rows over (ADR 0009). The application makes the types
 * itself, by the columns its release has; it may make things nowhere else.
 */
export class RowTypes1764000000010 implements MigrationInterface {
  name = 'RowTypes1764000000010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE SCHEMA row_types');
    await runner.query(`GRANT USAGE, CREATE ON SCHEMA row_types TO ${APPLICATION_ROLE}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SCHEMA row_types CASCADE');
  }
}
