import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE } from './1764000000001-application-role.js';

/**
 * What `verify` holds rows against that no movement stands for (ADR 0019): the chain of an account's events, the sum
 * of its sealed records, and the digest of a lot's terms under the hash of the movement that set them. Rows of before
 * have no seal and are checked as they were.
 */
export class Seals1764000000160 implements MigrationInterface {
  name = 'Seals1764000000160';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [ACCOUNTS, RECORDS, MOVEMENTS, AUDIT, ROLLS]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE account_rolls`);
    await runner.query(`ALTER TABLE accounts DROP COLUMN counted`);
    await runner.query(`ALTER TABLE audit_log DROP COLUMN subject_id, DROP COLUMN record, DROP COLUMN sequence,
      DROP COLUMN sealed_by, DROP COLUMN seal, ALTER COLUMN before TYPE jsonb, ALTER COLUMN after TYPE jsonb`);
    await runner.query(`ALTER TABLE programmes DROP COLUMN audit_seq, DROP COLUMN audit_head`);
    await runner.query(`ALTER TABLE movements DROP COLUMN hash_version, DROP COLUMN terms`);
    for (const table of SEALED) await runner.query(`ALTER TABLE ${table} DROP COLUMN seal`);
    await runner.query(`ALTER TABLE tier_changes DROP COLUMN sealed_by`);
    await runner.query(`ALTER TABLE events DROP COLUMN record`);
    await runner.query(`ALTER TABLE accounts DROP COLUMN event_head, DROP COLUMN record_sum`);
  }
}

const SEALED = [
  ...['events', 'claims', 'purchases', 'returns', 'redemptions', 'transfers', 'sliding_expiries'],
  ...['tier_changes', 'households'],
];

const NOTHING = `bytea NOT NULL DEFAULT decode(repeat('00', 32), 'hex') CHECK (octet_length(%) = 32)`;

const ACCOUNTS = `
  ALTER TABLE accounts
    ADD COLUMN event_head ${NOTHING.replace('%', 'event_head')},
    ADD COLUMN record_sum ${NOTHING.replace('%', 'record_sum')};`;

/** How many of a row's columns its seal covers, in the order of the writer; null for rows of before. */
const RECORDS = `
  ${SEALED.map((table) => `ALTER TABLE ${table} ADD COLUMN seal int;`).join('\n  ')}
  -- The account that wrote the row, where that is not the one it is kept under.
  ALTER TABLE tier_changes ADD COLUMN sealed_by uuid;
  CREATE INDEX tier_changes_sealed_by ON tier_changes (sealed_by) WHERE sealed_by IS NOT NULL;
  -- The digest of the row that the event tells of, where that is changed outside of commands.
  ALTER TABLE events ADD COLUMN record bytea;
  CREATE INDEX events_record ON events (member_id, recorded_at) WHERE record IS NOT NULL;`;

const MOVEMENTS = `
  ALTER TABLE movements
    ADD COLUMN hash_version int NOT NULL DEFAULT 1,
    -- SHA-256 over the lot's terms, in the movement that opened the lot or gave it new ones.
    ADD COLUMN terms bytea CHECK (octet_length(terms) = 32);`;

/**
 * Entries written outside of commands are numbered and chained by programme; those of commands are in the sum of the
 * account. Their texts stay as they were written, which jsonb would change.
 */
const AUDIT = `
  ALTER TABLE programmes
    ADD COLUMN audit_seq bigint NOT NULL DEFAULT 0,
    ADD COLUMN audit_head ${NOTHING.replace('%', 'audit_head')};
  ALTER TABLE audit_log
    ALTER COLUMN before TYPE json, ALTER COLUMN after TYPE json,
    -- The row that the entry is about, by its id where it has one, and its digest after the change.
    ADD COLUMN subject_id uuid,
    ADD COLUMN record bytea,
    ADD COLUMN sequence bigint,
    ADD COLUMN sealed_by uuid,
    ADD COLUMN seal int;
  CREATE UNIQUE INDEX audit_log_chain ON audit_log (programme_id, sequence) WHERE sequence IS NOT NULL;
  CREATE INDEX audit_log_subject ON audit_log (subject_id) WHERE subject_id IS NOT NULL;
  CREATE INDEX audit_log_sealed_by ON audit_log (sealed_by) WHERE sealed_by IS NOT NULL;`;

/** How many accounts a programme has, in sixteen rows so that enrolments hardly wait for each other. */
const ROLLS = `
  ALTER TABLE accounts ADD COLUMN counted boolean DEFAULT true;
  ALTER TABLE accounts ALTER COLUMN counted DROP DEFAULT;
  CREATE TABLE account_rolls (
    programme_id uuid NOT NULL,
    shard int NOT NULL CHECK (shard >= 0 AND shard < 16),
    accounts bigint NOT NULL,
    PRIMARY KEY (programme_id, shard)
  ) WITH (fillfactor = 50);
  INSERT INTO account_rolls (programme_id, shard, accounts)
    SELECT p.programme_id, s.shard, (SELECT count(*) FROM accounts a
      WHERE a.programme_id = p.programme_id AND get_byte(uuid_send(a.account_id), 15) & 15 = s.shard)
    FROM programmes p CROSS JOIN generate_series(0, 15) s (shard);
  GRANT SELECT, INSERT, UPDATE ON account_rolls TO ${APPLICATION_ROLE};`;
