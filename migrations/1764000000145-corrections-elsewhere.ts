import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Corrections find the lots that adjustments opened, in whichever account these are. */
export class CorrectionsElsewhere1764000000145 implements MigrationInterface {
  name = 'CorrectionsElsewhere1764000000145';

  async up(runner: QueryRunner): Promise<void> {
    // Lots that receipts opened are none of these, so a receipt writes nothing to it.
    await runner.query(
      `CREATE INDEX lots_given ON lots (lot_id) WHERE purchase_id IS NULL AND parent_lot_id IS NULL`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX lots_given');
  }
}
