import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far the members of a programme have met its ladders. */
export class TierTransitions1764000000531 implements MigrationInterface {
  readonly name = 'TierTransitions1764000000531';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE tier_transitions (
      programme_id uuid PRIMARY KEY,
      ladders text NOT NULL,
      members bigint NOT NULL,
      done bigint NOT NULL,
      undecided bigint NOT NULL,
      after_member uuid,
      began_at timestamptz NOT NULL,
      ended_at timestamptz)`);
    await runner.query('GRANT SELECT, INSERT, UPDATE ON tier_transitions TO laurel_app');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE tier_transitions');
  }
}
