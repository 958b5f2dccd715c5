import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How many rows of before there are that no sum, no chain and no roll covers, by account and by programme: one more of
 * them was not written by a command. Claims by `Idempotency-Key`, and those of commands with no name of the caller's,
 * are found by their account, and are sealed from now on. So is the
 * member that an account was opened for.
 */
export class RowsWithoutSeal1764000000340 implements MigrationInterface {
  name = 'RowsWithoutSeal1764000000340';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [COLUMNS, ACCOUNTS, PROGRAMMES, INDEX]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX claims_without_record, members_home`);
    await runner.query(
      `ALTER TABLE programmes DROP COLUMN unchained_entries, DROP COLUMN uncounted_accounts`,
    );
    await runner.query(`ALTER TABLE accounts DROP COLUMN unsealed`);
  }
}

/** `unsealed` is null where every row has a seal, as on any account that was opened since. */
const COLUMNS = `
  ALTER TABLE accounts ADD COLUMN unsealed json;
  ALTER TABLE programmes
    ADD COLUMN uncounted_accounts bigint NOT NULL DEFAULT 0,
    ADD COLUMN unchained_entries bigint NOT NULL DEFAULT 0;`;

const SEALED = [
  ...['events', 'claims', 'purchases', 'returns', 'redemptions', 'transfers', 'sliding_expiries'],
  ...['tier_changes', 'households'],
];

/** An adjustment of before has no entry in the audit log that says what its row is. */
const ACCOUNTS = `
  UPDATE accounts a SET unsealed = n.unsealed
  FROM (SELECT u.account_id, json_object_agg(u.name, u.rows ORDER BY u.name) AS unsealed FROM (
    ${SEALED.map(
      (table) => `SELECT x.account_id, '${table}' AS name, count(*) AS rows FROM ${table} x
        WHERE x.seal IS NULL GROUP BY x.account_id`,
    ).join(' UNION ALL ')}
    UNION ALL SELECT x.account_id, 'adjustments', count(*) FROM adjustments x
      WHERE NOT EXISTS (SELECT FROM audit_log l WHERE l.subject_id = x.adjustment_id) GROUP BY x.account_id) u
    GROUP BY u.account_id) n
  WHERE a.account_id = n.account_id AND a.counted`;

const PROGRAMMES = `
  UPDATE programmes p SET
    uncounted_accounts = (SELECT count(*) FROM accounts a
      WHERE a.programme_id = p.programme_id AND a.counted IS NOT TRUE),
    unchained_entries = (SELECT count(*) FROM audit_log l
      WHERE l.programme_id = p.programme_id AND l.sequence IS NULL AND l.sealed_by IS NULL)`;

const INDEX = `CREATE INDEX claims_without_record ON claims (account_id)
  WHERE scope IN ('idempotency-key', 'command');
  CREATE INDEX members_home ON members (home_account_id)`;
