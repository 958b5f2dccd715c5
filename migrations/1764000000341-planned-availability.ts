import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A lot that is made usable by hand keeps when it was to be, which is asked as of the time before. */
export class PlannedAvailability1764000000341 implements MigrationInterface {
  name = 'PlannedAvailability1764000000341';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE lots ADD COLUMN planned_at timestamptz`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE lots DROP COLUMN planned_at`);
  }
}
