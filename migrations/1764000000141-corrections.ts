import type { MigrationInterface, QueryRunner } from 'typeorm';

const KINDS = [
  ...['credit', 'debit', 'reinstatement', 'extension', 'activation', 'cancellation'],
  ...['creditReversal', 'debitReversal'],
];

/** Adjustments that correct others: what a debit is, which adjustment it is about, and what came of it. */
export class Corrections1764000000141 implements MigrationInterface {
  name = 'Corrections1764000000141';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE adjustments
      ADD COLUMN debit_kind text CHECK (debit_kind IN ('forfeit', 'correction')),
      ADD COLUMN corrects_id uuid,
      ADD COLUMN outcome json`);
    // Until now every debit forfeited points.
    await runner.query(`UPDATE adjustments SET debit_kind = 'forfeit' WHERE kind = 'debit'`);
    await setKinds(runner, KINDS);
    await runner.query(
      `CREATE INDEX adjustments_corrects ON adjustments (corrects_id) WHERE corrects_id IS NOT NULL`,
    );
    await runner.query(`ALTER TABLE adjustments
      ADD CONSTRAINT adjustments_debit_kind CHECK ((kind = 'debit') = (debit_kind IS NOT NULL)),
      ADD CONSTRAINT adjustments_corrects CHECK ((corrects_id IS NOT NULL)
        = (kind IN ('creditReversal', 'debitReversal') OR coalesce(debit_kind = 'correction', false)))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE adjustments DROP COLUMN debit_kind, DROP COLUMN corrects_id,
      DROP COLUMN outcome`);
    await setKinds(runner, KINDS.slice(0, 6));
  }
}

async function setKinds(runner: QueryRunner, kinds: readonly string[]): Promise<void> {
  const named = kinds.map((kind) => `'${kind}'`).join(', ');
  await runner.query(`ALTER TABLE adjustments DROP CONSTRAINT adjustments_kind_check,
    ADD CONSTRAINT adjustments_kind_check CHECK (kind IN (${named}))`);
}
