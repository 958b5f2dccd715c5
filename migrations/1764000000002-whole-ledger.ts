import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE } from './1764000000001-application-role.js';

/**
 * Everything that can happen to points after they were granted: waiting, debts, returns, transfers, new terms.
 * Members keep the account they were enrolled with, under which what is theirs alone is stored.
 */
export class WholeLedger1764000000002 implements MigrationInterface {
  name = 'WholeLedger1764000000002';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [MEMBERS, ACCOUNTS, LOTS, MOVEMENTS, SLIDING, RETURNS, GRANTS]) {
      await runner.query(statement);
    }
  }

  down(): Promise<void> {
    return Promise.reject(new Error('points in the new buckets have no place in the old tables'));
  }
}

const MEMBERS = `
  ALTER TABLE members ADD COLUMN home_account_id uuid, ADD COLUMN merged_into uuid REFERENCES members;
  UPDATE members SET home_account_id = account_id;
  ALTER TABLE members ALTER COLUMN home_account_id SET NOT NULL;
  ALTER TABLE members DROP CONSTRAINT members_status_check;
  ALTER TABLE members ADD CONSTRAINT members_status_check
    CHECK (status IN ('active', 'suspended', 'closed', 'merged')),
    ADD CHECK ((status = 'merged') = (merged_into IS NOT NULL));
  CREATE INDEX members_merged ON members (merged_into) WHERE merged_into IS NOT NULL;`;

/** Columns that are null wherever points neither wait nor slide cost no index entry and no HOT update. */
const ACCOUNTS = `
  ALTER TABLE accounts ADD COLUMN next_pending_at timestamptz, ADD COLUMN sliding_expires_at timestamptz;
  CREATE INDEX accounts_pending_due ON accounts (next_pending_at) WHERE next_pending_at IS NOT NULL;
  CREATE INDEX accounts_sliding_due ON accounts (sliding_expires_at) WHERE sliding_expires_at IS NOT NULL;`;

const LOTS = `
  ALTER TABLE lots
    ADD COLUMN undelivered bigint NOT NULL DEFAULT 0 CHECK (undelivered >= 0),
    ADD COLUMN pending bigint NOT NULL DEFAULT 0 CHECK (pending >= 0),
    ADD COLUMN returned bigint NOT NULL DEFAULT 0 CHECK (returned >= 0),
    ADD COLUMN settled bigint NOT NULL DEFAULT 0 CHECK (settled >= 0),
    ADD COLUMN moved bigint NOT NULL DEFAULT 0 CHECK (moved >= 0),
    ADD COLUMN cancelled bigint NOT NULL DEFAULT 0 CHECK (cancelled >= 0),
    ADD COLUMN slides boolean NOT NULL DEFAULT false,
    ADD COLUMN awaits json,
    ADD COLUMN parent_lot_id uuid,
    ADD COLUMN root_lot_id uuid,
    -- The expiry the lot was granted with, kept once it was given another.
    ADD COLUMN first_expires_at timestamptz,
    DROP CONSTRAINT lots_check,
    -- I6: every point is somewhere.
    ADD CONSTRAINT lots_check CHECK (points = undelivered + pending + available + held + redeemed + expired
      + returned + settled + moved + cancelled),
    DROP CONSTRAINT lots_origin_check,
    ADD CONSTRAINT lots_origin_check
      CHECK (origin IN ('purchase', 'non_purchase', 'sale_compensation', 'goodwill')),
    ADD CHECK ((parent_lot_id IS NULL) = (root_lot_id IS NULL)),
    ADD CHECK (NOT slides OR expires_at IS NULL);
  CREATE INDEX lots_root ON lots (root_lot_id) WHERE root_lot_id IS NOT NULL;
  DROP INDEX lots_open;
  CREATE INDEX lots_open ON lots (account_id, expires_at) WHERE available + held + pending + undelivered > 0;`;

const MOVEMENTS = `
  ALTER TABLE movements
    ALTER COLUMN lot_id DROP NOT NULL,
    ADD COLUMN sets_expiry_at timestamptz,
    ADD CHECK ((lot_id IS NULL) = (to_bucket = 'debt'));`;

const SLIDING = `
  CREATE TABLE sliding_expiries (
    account_id uuid NOT NULL,
    expires_at timestamptz NOT NULL,
    cause_type text NOT NULL,
    cause_id uuid NOT NULL,
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, expires_at)
  );
  GRANT SELECT, INSERT ON sliding_expiries TO ${APPLICATION_ROLE};`;

const RETURNS = `
  CREATE TABLE returns (
    return_id uuid NOT NULL,
    account_id uuid NOT NULL,
    member_id uuid NOT NULL,
    purchase_id uuid NOT NULL,
    source text NOT NULL,
    receipt_no text NOT NULL,
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    -- What of each line came back, and what of each grant was taken back for it.
    lines json NOT NULL,
    grants json NOT NULL,
    redemptions json NOT NULL,
    points_taken bigint NOT NULL CHECK (points_taken >= 0),
    debt bigint NOT NULL CHECK (debt >= 0),
    forgiven bigint NOT NULL CHECK (forgiven >= 0),
    keep_from_refund_minor bigint NOT NULL CHECK (keep_from_refund_minor >= 0),
    PRIMARY KEY (return_id, account_id)
  );
  CREATE INDEX returns_purchase ON returns (purchase_id);
  GRANT SELECT, INSERT ON returns TO ${APPLICATION_ROLE};`;

/** Which lots a receipt opened; null in receipts of before, whose lots are found by looking at all of the account. */
const GRANTS = `
  ALTER TABLE purchases ADD COLUMN lot_ids json;`;
