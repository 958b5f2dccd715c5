import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Debits that take back a fraudulent receipt, and the returns that they carry out. */
export class Fraud1764000000200 implements MigrationInterface {
  name = 'Fraud1764000000200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE adjustments ADD COLUMN purchase_id uuid,
      DROP CONSTRAINT adjustments_debit_kind_check,
      ADD CONSTRAINT adjustments_debit_kind_check CHECK (debit_kind IN ('forfeit', 'correction', 'fraud')),
      ADD CONSTRAINT adjustments_fraud CHECK ((purchase_id IS NOT NULL) = coalesce(debit_kind = 'fraud', false)),
      -- A receipt that earned nothing counts for tiers all the same.
      DROP CONSTRAINT adjustments_points_check,
      ADD CONSTRAINT adjustments_points_check CHECK (points > 0 OR (points = 0 AND purchase_id IS NOT NULL))`);
    await runner.query('ALTER TABLE returns ADD COLUMN adjustment_id uuid');
    await runner.query('CREATE INDEX returns_by_hand ON returns (return_id) WHERE adjustment_id IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE returns DROP COLUMN adjustment_id');
    await runner.query(`ALTER TABLE adjustments DROP COLUMN purchase_id,
      DROP CONSTRAINT adjustments_debit_kind_check,
      ADD CONSTRAINT adjustments_debit_kind_check CHECK (debit_kind IN ('forfeit', 'correction')),
      ADD CONSTRAINT adjustments_points_check CHECK (points > 0)`);
  }
}
