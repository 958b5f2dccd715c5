import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How a debt came about is read without an account's other movements; a receipt that fills none has no entry. */
export class DebtHistory1764000000201 implements MigrationInterface {
  name = 'DebtHistory1764000000201';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE INDEX movements_debts ON movements (account_id, sequence)
      WHERE to_bucket IN ('debt', 'settled') OR from_bucket IN ('debt', 'settled')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX movements_debts');
  }
}
