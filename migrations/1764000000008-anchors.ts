import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE } from './1764000000001-application-role.js';

/**
 * Signed digests of all account heads, runs of `verify` that can be resumed, and what past terms of a lot are
 * told from.
 */
export class Anchors1764000000008 implements MigrationInterface {
  name = 'Anchors1764000000008';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [ANCHORS, VERIFY_RUNS, LOTS, INDEXES]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX movements_moved, lots_children, redemptions_account, returns_account`);
    await runner.query(`ALTER TABLE lots DROP COLUMN first_awaits`);
    await runner.query(`DROP TABLE anchors, anchor_keys, verify_runs`);
  }
}

/** Public halves of the keys that signed; the private ones are never in the database. */
const ANCHORS = `
  CREATE TABLE anchor_keys (
    key_id text PRIMARY KEY,
    public_key text NOT NULL,
    recorded_at timestamptz NOT NULL
  );
  CREATE TABLE anchors (
    programme_id uuid NOT NULL,
    day date NOT NULL,
    cut_off timestamptz NOT NULL,
    accounts bigint NOT NULL CHECK (accounts >= 0),
    digest bytea NOT NULL CHECK (octet_length(digest) = 32),
    previous_hash bytea NOT NULL CHECK (octet_length(previous_hash) = 32),
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    key_id text REFERENCES anchor_keys,
    signature bytea,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (programme_id, day),
    CHECK ((key_id IS NULL) = (signature IS NULL))
  );
  GRANT SELECT, INSERT ON anchor_keys, anchors TO ${APPLICATION_ROLE};`;

const VERIFY_RUNS = `
  CREATE TABLE verify_runs (
    run_id uuid PRIMARY KEY,
    -- Null: every programme of the installation.
    programme_id uuid,
    state text NOT NULL CHECK (state IN ('running', 'interrupted', 'finished')),
    -- Moves on with whoever goes on; what was written under an older one is refused.
    lease int NOT NULL,
    started_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    -- Where it goes on, and what it found so far.
    progress json NOT NULL,
    -- Why it was interrupted.
    error text
  );
  CREATE INDEX verify_runs_started ON verify_runs (started_at);
  GRANT SELECT, INSERT, UPDATE ON verify_runs TO ${APPLICATION_ROLE};`;

const LOTS = `
  ALTER TABLE lots ADD COLUMN first_awaits json;
  UPDATE lots SET first_awaits = (to_jsonb(awaits::jsonb)
    || jsonb_build_object('availableAt', (extract(epoch FROM available_at) * 1000)::bigint))::json
    WHERE awaits IS NOT NULL;`;

/** Both sides of a transfer find each other, and an account its redemptions and returns; a receipt has no entry. */
const INDEXES = `
  CREATE INDEX redemptions_account ON redemptions (account_id);
  CREATE INDEX returns_account ON returns (account_id);
  CREATE INDEX movements_moved ON movements (cause_id) WHERE to_bucket = 'moved';
  CREATE INDEX lots_children ON lots (parent_lot_id) WHERE parent_lot_id IS NOT NULL;`;
