import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where members are on ladders with time, and when time changes that next. */
export class TierPlaces1764000000530 implements MigrationInterface {
  readonly name = 'TierPlaces1764000000530';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE tier_places (
      account_id uuid NOT NULL,
      member_id uuid NOT NULL,
      ladder text NOT NULL,
      ladder_version int,
      rung text,
      since date,
      valid_from date,
      valid_until date,
      grace_until date,
      rolled_to date,
      due_at timestamptz,
      PRIMARY KEY (account_id, member_id, ladder))`);
    await runner.query('CREATE INDEX tier_places_due ON tier_places (due_at) WHERE due_at IS NOT NULL');
    await runner.query('GRANT SELECT, INSERT, UPDATE ON tier_places TO laurel_app');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE tier_places');
  }
}
