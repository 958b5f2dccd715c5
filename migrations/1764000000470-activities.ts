import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE } from './1764000000001-application-role.js';

/** What members did that is no sale, and what of it was taken back. Both only grow. */
export class Activities1764000000470 implements MigrationInterface {
  name = 'Activities1764000000470';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE activity_cancellations, activities');
  }
}

const TABLES = `
  CREATE TABLE activities (
    activity_id uuid NOT NULL,
    account_id uuid NOT NULL,
    member_id uuid NOT NULL,
    type text NOT NULL,
    type_version int NOT NULL,
    source text NOT NULL,
    external_id text NOT NULL,
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    business_date date NOT NULL,
    attributes json NOT NULL,
    explanation json NOT NULL,
    lot_ids json NOT NULL,
    counted boolean NOT NULL,
    actor text NOT NULL,
    seal int,
    PRIMARY KEY (activity_id, account_id)
  );
  CREATE INDEX activities_account ON activities (account_id);
  CREATE INDEX activities_member ON activities (member_id, occurred_at);
  CREATE INDEX activities_time ON activities (occurred_at, activity_id);
  GRANT SELECT, INSERT ON activities TO ${APPLICATION_ROLE};

  CREATE TABLE activity_cancellations (
    activity_id uuid NOT NULL,
    account_id uuid NOT NULL,
    member_id uuid NOT NULL,
    cancelled_at timestamptz NOT NULL,
    reason text,
    taken_from json NOT NULL,
    points_taken bigint NOT NULL CHECK (points_taken >= 0),
    gone bigint NOT NULL CHECK (gone >= 0),
    debt bigint NOT NULL CHECK (debt >= 0),
    forgiven bigint NOT NULL CHECK (forgiven >= 0),
    actor text NOT NULL,
    seal int,
    PRIMARY KEY (activity_id, account_id)
  );
  CREATE INDEX activity_cancellations_account ON activity_cancellations (account_id);
  GRANT SELECT, INSERT ON activity_cancellations TO ${APPLICATION_ROLE};`;
