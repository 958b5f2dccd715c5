import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Corrections that still have points to take in other accounts are found without reading the others. */
export class InterruptedCorrections1764000000370 implements MigrationInterface {
  name = 'InterruptedCorrections1764000000370';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE INDEX adjustments_interrupted ON adjustments (adjustment_id)
      WHERE status = 'posted' AND outcome -> 'elsewhere' IS NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX adjustments_interrupted`);
  }
}
