import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE } from './1764000000001-application-role.js';

/** The numbers that terminals gave their receipts: a row only where a receipt carries one. It only grows. */
export class TerminalReceipts1764000000491 implements MigrationInterface {
  name = 'TerminalReceipts1764000000491';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE terminal_receipts (
      account_id uuid NOT NULL,
      purchase_id uuid NOT NULL,
      source text NOT NULL,
      terminal_id text NOT NULL,
      terminal_sequence bigint NOT NULL CHECK (terminal_sequence >= 0),
      business_date date NOT NULL,
      seal int NOT NULL,
      PRIMARY KEY (account_id, purchase_id)
    )`);
    await runner.query(
      `CREATE INDEX terminal_receipts_days ON terminal_receipts (source, business_date, terminal_id)`,
    );
    await runner.query(`GRANT SELECT, INSERT ON terminal_receipts TO ${APPLICATION_ROLE}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE terminal_receipts');
  }
}
