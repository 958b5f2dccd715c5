import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE } from './1764000000001-application-role.js';

/** Gifts for anniversaries of members, when each member is to be looked at next, and how far planning came. */
export class CalendarGifts1764000000480 implements MigrationInterface {
  name = 'CalendarGifts1764000000480';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE calendar_plans, calendar_days, calendar_gifts;
      DROP INDEX members_changed; ALTER TABLE members DROP COLUMN birth_date_since`);
  }
}

const TABLES = `
  ALTER TABLE members ADD COLUMN birth_date_since timestamptz;
  CREATE INDEX members_changed ON members (programme_id, updated_at, member_id);

  CREATE TABLE calendar_gifts (
    gift_id uuid NOT NULL,
    account_id uuid NOT NULL,
    member_id uuid NOT NULL,
    rule_id text NOT NULL,
    rule_version int NOT NULL,
    occasion text NOT NULL,
    day date NOT NULL,
    years int NOT NULL,
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    points bigint NOT NULL CHECK (points >= 0),
    explanation json NOT NULL,
    seal int,
    PRIMARY KEY (gift_id, account_id)
  );
  CREATE INDEX calendar_gifts_account ON calendar_gifts (account_id);
  CREATE INDEX calendar_gifts_member ON calendar_gifts (member_id, gift_id);
  GRANT SELECT, INSERT ON calendar_gifts TO ${APPLICATION_ROLE};

  CREATE TABLE calendar_days (
    member_id uuid PRIMARY KEY,
    due_at timestamptz,
    looked_until timestamptz
  );
  CREATE INDEX calendar_days_due ON calendar_days (due_at);
  GRANT SELECT, INSERT, UPDATE ON calendar_days TO ${APPLICATION_ROLE};

  CREATE TABLE calendar_plans (
    programme_id uuid PRIMARY KEY,
    fingerprint text NOT NULL,
    began_at timestamptz NOT NULL,
    after_member uuid,
    changed_at timestamptz NOT NULL
  );
  GRANT SELECT, INSERT, UPDATE ON calendar_plans TO ${APPLICATION_ROLE};`;
