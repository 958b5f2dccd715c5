import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Status points: counted per member and day, and kept with the receipts that gave them and the returns that took them. */
export class StatusPoints1764000000559 implements MigrationInterface {
  readonly name = 'StatusPoints1764000000559';

  async up(runner: QueryRunner): Promise<void> {
    // A default that is a constant rewrites no row.
    await runner.query('ALTER TABLE qualifying_days ADD COLUMN status bigint NOT NULL DEFAULT 0');
    await runner.query('ALTER TABLE qualifying_years ADD COLUMN status bigint NOT NULL DEFAULT 0');
    await runner.query('ALTER TABLE purchases ADD COLUMN status_awards json');
    await runner.query('ALTER TABLE returns ADD COLUMN status_awards json');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE returns DROP COLUMN status_awards');
    await runner.query('ALTER TABLE purchases DROP COLUMN status_awards');
    await runner.query('ALTER TABLE qualifying_years DROP COLUMN status');
    await runner.query('ALTER TABLE qualifying_days DROP COLUMN status');
  }
}
