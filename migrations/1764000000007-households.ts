import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE } from './1764000000001-application-role.js';

/** Points that change accounts, accounts that several members share, and members who turn out to be one. */
export class Households1764000000007 implements MigrationInterface {
  name = 'Households1764000000007';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [MEMBERS, ACCOUNTS, HOUSEHOLDS, TRANSFERS, MOVEMENTS])
      await runner.query(statement);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('members who share accounts have no place in the old tables'));
  }
}

const MEMBERS = `
  ALTER TABLE members
    ADD COLUMN household_role text CHECK (household_role IN ('head', 'adult', 'earner')),
    -- Everybody who was merged into the member, however indirectly.
    ADD COLUMN merged_from json,
    ADD CHECK (household_role IS NULL OR account_id <> home_account_id);
  GRANT UPDATE ON member_identities TO ${APPLICATION_ROLE};`;

/** Null for an account that belongs to one member. */
const ACCOUNTS = `
  ALTER TABLE accounts ADD COLUMN household_size int CHECK (household_size >= 0);`;

const HOUSEHOLDS = `
  CREATE TABLE households (
    account_id uuid PRIMARY KEY,
    programme_id uuid NOT NULL,
    name text,
    created_at timestamptz NOT NULL,
    closed_at timestamptz
  );
  CREATE INDEX households_programme ON households (programme_id, account_id);
  GRANT SELECT, INSERT, UPDATE ON households TO ${APPLICATION_ROLE};`;

/** Kept with the account that gave; the lots say which child continues which part. */
const TRANSFERS = `
  CREATE TABLE transfers (
    transfer_id uuid NOT NULL,
    account_id uuid NOT NULL,
    member_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('member', 'join', 'leave', 'merge', 'follow')),
    to_account_id uuid NOT NULL,
    to_member_id uuid NOT NULL,
    points bigint NOT NULL CHECK (points >= 0),
    debt bigint NOT NULL CHECK (debt >= 0),
    lots json NOT NULL,
    note text,
    external_id text,
    transferred_at timestamptz NOT NULL,
    PRIMARY KEY (transfer_id, account_id),
    CHECK (points + debt > 0),
    CHECK (account_id <> to_account_id)
  );
  GRANT SELECT, INSERT ON transfers TO ${APPLICATION_ROLE};`;

/** A debt has no lot when it leaves an account, either. The check of before is found by what it says. */
const MOVEMENTS = `DO $$
  DECLARE old text;
  BEGIN
    SELECT c.conname INTO STRICT old FROM pg_constraint c
      WHERE c.conrelid = 'movements'::regclass AND c.contype = 'c' AND pg_get_constraintdef(c.oid) LIKE '%lot_id IS NULL%';
    EXECUTE format('ALTER TABLE movements DROP CONSTRAINT %I', old);
    ALTER TABLE movements ADD CONSTRAINT movements_lot_check
      CHECK ((lot_id IS NULL) = (to_bucket = 'debt' OR from_bucket = 'debt'));
  END $$`;
