import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Totals of what counted in a calendar year, for programmes that ask for a lifetime. */
export class QualifyingYears1764000000460 implements MigrationInterface {
  readonly name = 'QualifyingYears1764000000460';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE qualifying_years (
      account_id uuid NOT NULL,
      member_id uuid NOT NULL,
      year int NOT NULL,
      spend_minor bigint NOT NULL,
      points bigint NOT NULL,
      purchases bigint NOT NULL,
      visits bigint NOT NULL,
      PRIMARY KEY (account_id, member_id, year))`);
    await runner.query('GRANT SELECT, INSERT, UPDATE ON qualifying_years TO laurel_app');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE qualifying_years');
  }
}
