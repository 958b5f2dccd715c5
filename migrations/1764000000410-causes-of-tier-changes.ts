import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A change of tier keeps what led to it. Rows of before keep none: their seals do not cover it. */
export class CausesOfTierChanges1764000000410 implements MigrationInterface {
  name = 'CausesOfTierChanges1764000000410';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE tier_changes ADD COLUMN cause_type text`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE tier_changes DROP COLUMN cause_type`);
  }
}
