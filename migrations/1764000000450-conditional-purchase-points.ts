import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Points that a sale gives under a condition met elsewhere have an origin of their own. */
export class ConditionalPurchasePoints1764000000450 implements MigrationInterface {
  name = 'ConditionalPurchasePoints1764000000450';

  async up(runner: QueryRunner): Promise<void> {
    // NOT VALID and validated after it: the rows there are meet it, and no writer waits for them to be read.
    await runner.query(`
      ALTER TABLE lots DROP CONSTRAINT lots_origin_check, ADD CONSTRAINT lots_origin_check
        CHECK (origin IN ('purchase', 'purchase_conditional', 'non_purchase', 'sale_compensation', 'goodwill')) NOT VALID`);
    await runner.query('ALTER TABLE lots VALIDATE CONSTRAINT lots_origin_check');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE lots DROP CONSTRAINT lots_origin_check, ADD CONSTRAINT lots_origin_check
        CHECK (origin IN ('purchase', 'non_purchase', 'sale_compensation', 'goodwill'))`);
  }
}
