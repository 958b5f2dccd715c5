import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE } from './1764000000001-application-role.js';

/** Undos of what versions of rules gave: how far each got, which is a state, and what it took back, which only grows. */
export class Undos1764000000512 implements MigrationInterface {
  name = 'Undos1764000000512';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE undone_grants, undos');
  }
}

const TABLES = `
  CREATE TABLE undone_grants (
    undone_id uuid NOT NULL,
    account_id uuid NOT NULL,
    undo_id uuid NOT NULL,
    purchase_id uuid NOT NULL,
    member_id uuid NOT NULL,
    recorded_at timestamptz NOT NULL,
    grants json NOT NULL,
    taken_from json NOT NULL,
    points_taken bigint NOT NULL CHECK (points_taken >= 0),
    debt bigint NOT NULL CHECK (debt >= 0),
    forgiven bigint NOT NULL CHECK (forgiven >= 0),
    actor text NOT NULL,
    seal int,
    PRIMARY KEY (undone_id, account_id)
  );
  CREATE INDEX undone_grants_account ON undone_grants (account_id);
  CREATE INDEX undone_grants_purchase ON undone_grants (purchase_id);
  CREATE INDEX undone_grants_undo ON undone_grants (undo_id, undone_id);
  GRANT SELECT, INSERT ON undone_grants TO ${APPLICATION_ROLE};

  CREATE TABLE undos (
    undo_id uuid PRIMARY KEY,
    programme_id uuid NOT NULL REFERENCES programmes (programme_id),
    rule_id text NOT NULL,
    version int NOT NULL,
    from_at timestamptz NOT NULL,
    until_at timestamptz NOT NULL,
    reason text NOT NULL,
    state text NOT NULL CHECK (state IN ('running', 'done', 'cancelled')),
    started_by text NOT NULL,
    started_at timestamptz NOT NULL,
    receipts int NOT NULL,
    refused int NOT NULL DEFAULT 0,
    cursor_at timestamptz,
    cursor_id uuid,
    ended_at timestamptz,
    ended_by text,
    CHECK ((state = 'running') = (ended_at IS NULL))
  );
  CREATE INDEX undos_list ON undos (programme_id, started_at, undo_id);
  CREATE INDEX undos_running ON undos (undo_id) WHERE state = 'running';
  GRANT SELECT, INSERT, UPDATE ON undos TO ${APPLICATION_ROLE};`;
