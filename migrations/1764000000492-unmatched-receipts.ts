import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE } from './1764000000001-application-role.js';

/** Receipts without a member, until one claims them or their time is over, and how often amounts were guessed. */
export class UnmatchedReceipts1764000000492 implements MigrationInterface {
  name = 'UnmatchedReceipts1764000000492';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE unmatched_receipts (
      receipt_id uuid NOT NULL PRIMARY KEY,
      programme_id uuid NOT NULL,
      source text NOT NULL,
      receipt_no text NOT NULL,
      occurred_at timestamptz NOT NULL,
      recorded_at timestamptz NOT NULL,
      claimable_until timestamptz NOT NULL,
      currency text NOT NULL,
      amount_minor bigint NOT NULL CHECK (amount_minor >= 0),
      body json NOT NULL,
      fingerprint bytea NOT NULL,
      claim_code text NOT NULL,
      actor text NOT NULL,
      attempts int NOT NULL DEFAULT 0 CHECK (attempts >= 0),
      claiming_since timestamptz,
      returned_at timestamptz,
      return_source text,
      return_receipt_no text,
      UNIQUE (programme_id, source, receipt_no),
      UNIQUE (programme_id, claim_code)
    )`);
    await runner.query(
      'CREATE INDEX unmatched_receipts_time ON unmatched_receipts (programme_id, occurred_at, receipt_id)',
    );
    await runner.query('CREATE INDEX unmatched_receipts_end ON unmatched_receipts (claimable_until)');
    await runner.query(`CREATE TABLE claim_attempts (
      programme_id uuid NOT NULL,
      member_id uuid NOT NULL,
      day date NOT NULL,
      attempts int NOT NULL CHECK (attempts >= 0),
      PRIMARY KEY (programme_id, member_id, day)
    )`);
    await runner.query(
      `GRANT SELECT, INSERT, UPDATE, DELETE ON unmatched_receipts, claim_attempts TO ${APPLICATION_ROLE}`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE unmatched_receipts, claim_attempts');
  }
}
