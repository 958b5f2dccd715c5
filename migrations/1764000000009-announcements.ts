import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Which coming expiries of an account were announced, and what the nightly run finds its work by: indexes that walk
 * what ends account by account, for the day on which all points of a programme end, and a sliding expiry that is
 * left out once nothing slides any more, for accounts that lapsed years ago.
 */
export class Announcements1764000000009 implements MigrationInterface {
  name = 'Announcements1764000000009';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [ACCOUNTS, INDEXES]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX lots_due, accounts_sliding_due`);
    await runner.query(`ALTER TABLE accounts DROP COLUMN announced_expiries, DROP COLUMN sliding_due_at`);
    await runner.query(
      `CREATE INDEX lots_due ON lots (expires_at) WHERE available > 0 AND expires_at IS NOT NULL`,
    );
    await runner.query(
      `CREATE INDEX accounts_sliding_due ON accounts (sliding_expires_at) WHERE sliding_expires_at IS NOT NULL`,
    );
  }
}

/** Announced are instants that were not over with the last of them, in milliseconds; null for none. */
const ACCOUNTS = `
  ALTER TABLE accounts ADD COLUMN announced_expiries json, ADD COLUMN sliding_due_at timestamptz;
  UPDATE accounts a SET sliding_due_at = a.sliding_expires_at
    WHERE a.sliding_expires_at IS NOT NULL
      AND EXISTS (SELECT FROM lots l WHERE l.account_id = a.account_id AND l.slides AND l.available > 0);`;

const INDEXES = `
  DROP INDEX lots_due, accounts_sliding_due;
  CREATE INDEX lots_due ON lots (expires_at, account_id) WHERE available > 0 AND expires_at IS NOT NULL;
  CREATE INDEX accounts_sliding_due ON accounts (sliding_due_at, account_id) WHERE sliding_due_at IS NOT NULL;`;
