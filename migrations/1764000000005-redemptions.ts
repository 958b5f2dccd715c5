import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Used points that come back: how many, and that a redemption is reversed once all of them did. */
export class Redemptions1764000000005 implements MigrationInterface {
  name = 'Redemptions1764000000005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE redemptions
        ADD COLUMN reversed_points bigint NOT NULL DEFAULT 0,
        DROP CONSTRAINT redemptions_status_check,
        ADD CONSTRAINT redemptions_status_check
          CHECK (status IN ('authorised', 'captured', 'voided', 'reversed')),
        ADD CONSTRAINT redemptions_reversed_points_check
          CHECK (reversed_points >= 0 AND reversed_points <= points),
        ADD CONSTRAINT redemptions_reversed_check
          CHECK ((status = 'reversed') = (reversed_points = points)),
        ADD CONSTRAINT redemptions_reversed_when_captured_check
          CHECK (reversed_points = 0 OR status IN ('captured', 'reversed'))`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('points that came back have no place in the old table'));
  }
}
