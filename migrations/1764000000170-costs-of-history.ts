import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What is looked up by lot among an account's movements is found without reading all of them: what left a lot for
 * another account, what a lot of another account began with, and what was cancelled. A purchase has no entry in any of
 * the three.
 */
export class CostsOfHistory1764000000170 implements MigrationInterface {
  name = 'CostsOfHistory1764000000170';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX movements_moved`);
    await runner.query(
      `CREATE INDEX movements_moved ON movements (lot_id, cause_id) WHERE to_bucket = 'moved'`,
    );
    await runner.query(
      `CREATE INDEX movements_received ON movements (lot_id) WHERE from_bucket = 'issued' AND cause_type = 'transfer'`,
    );
    await runner.query(
      `CREATE INDEX movements_cancelled ON movements (lot_id) WHERE to_bucket = 'cancelled'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX movements_cancelled, movements_received, movements_moved`);
    await runner.query(`CREATE INDEX movements_moved ON movements (cause_id) WHERE to_bucket = 'moved'`);
  }
}
