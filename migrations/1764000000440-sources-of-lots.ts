import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The movement that opened a lot is found by the lot where it says more than the lot's receipt: of a transfer, an
 * adjustment, an opening balance. A purchase has no entry in it.
 */
export class SourcesOfLots1764000000440 implements MigrationInterface {
  name = 'SourcesOfLots1764000000440';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE INDEX movements_issued ON movements (lot_id) WHERE from_bucket = 'issued' AND cause_type <> 'purchase'`,
    );
    await runner.query('DROP INDEX movements_received');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE INDEX movements_received ON movements (lot_id) WHERE from_bucket = 'issued' AND cause_type = 'transfer'`,
    );
    await runner.query('DROP INDEX movements_issued');
  }
}
