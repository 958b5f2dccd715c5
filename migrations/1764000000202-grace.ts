import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * When the points of an account without open members are forfeited. What memberships that were closed by earlier
 * releases kept is forfeited by the next look at what is due, dated by this migration: the ledger's own rules move the
 * points then, as SQL could not.
 */
export class Grace1764000000202 implements MigrationInterface {
  name = 'Grace1764000000202';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE accounts ADD COLUMN forfeits_at timestamptz');
    await runner.query(
      'CREATE INDEX accounts_forfeits ON accounts (forfeits_at) WHERE forfeits_at IS NOT NULL',
    );
    // What `verify` holds the column to; other events have no entry.
    await runner.query(`CREATE INDEX events_grace ON events (account_id, sequence)
      WHERE type IN ('closing.graceBegan', 'closing.graceEnded')`);
    await runner.query(KEPT_BY_CLOSED);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX events_grace');
    await runner.query('ALTER TABLE accounts DROP COLUMN forfeits_at');
  }
}

/** Accounts with points whose members are all closed: a member's own, or a household's that is not closed itself. */
export const KEPT_BY_CLOSED = `UPDATE accounts a SET forfeits_at = date_trunc('milliseconds', now()), version = a.version + 1
  WHERE a.available + a.pending > 0
    AND CASE WHEN a.household_size IS NULL
      THEN EXISTS (SELECT FROM members m
        WHERE m.home_account_id = a.account_id AND m.account_id = a.account_id AND m.status = 'closed')
      ELSE a.household_size > 0 AND NOT EXISTS (SELECT FROM members m
        WHERE m.account_id = a.account_id AND m.status NOT IN ('closed', 'merged')) END`;
