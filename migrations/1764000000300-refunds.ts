import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a return gives back in money; null for those recorded before it was noted. */
export class Refunds1764000000300 implements MigrationInterface {
  name = 'Refunds1764000000300';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE returns ADD COLUMN refund_minor bigint');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE returns DROP COLUMN refund_minor');
  }
}
