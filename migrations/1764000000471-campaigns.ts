import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE } from './1764000000001-application-role.js';

/**
 * Campaigns that members register for: who registered, what of it was taken back, and the places left, in slices as
 * budgets are. The first two only grow.
 */
export class Campaigns1764000000471 implements MigrationInterface {
  name = 'Campaigns1764000000471';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE campaign_places, campaign_cancellations, campaign_registrations');
  }
}

const TABLES = `
  CREATE TABLE campaign_registrations (
    registration_id uuid NOT NULL,
    account_id uuid NOT NULL,
    programme_id uuid NOT NULL,
    member_id uuid NOT NULL,
    campaign_id text NOT NULL,
    campaign_version int NOT NULL,
    registered_at timestamptz NOT NULL,
    business_date date NOT NULL,
    points_granted bigint NOT NULL CHECK (points_granted >= 0),
    explanation json NOT NULL,
    lot_ids json NOT NULL,
    actor text NOT NULL,
    seal int,
    PRIMARY KEY (registration_id, account_id)
  );
  CREATE INDEX campaign_registrations_account ON campaign_registrations (account_id);
  CREATE INDEX campaign_registrations_member ON campaign_registrations (member_id, registered_at);
  CREATE INDEX campaign_registrations_campaign
    ON campaign_registrations (programme_id, campaign_id, registered_at, registration_id);
  GRANT SELECT, INSERT ON campaign_registrations TO ${APPLICATION_ROLE};

  CREATE TABLE campaign_cancellations (
    registration_id uuid NOT NULL,
    account_id uuid NOT NULL,
    programme_id uuid NOT NULL,
    member_id uuid NOT NULL,
    campaign_id text NOT NULL,
    cancelled_at timestamptz NOT NULL,
    cause text NOT NULL,
    reason text,
    taken_from json NOT NULL,
    points_taken bigint NOT NULL CHECK (points_taken >= 0),
    gone bigint NOT NULL CHECK (gone >= 0),
    debt bigint NOT NULL CHECK (debt >= 0),
    forgiven bigint NOT NULL CHECK (forgiven >= 0),
    actor text NOT NULL,
    seal int,
    PRIMARY KEY (registration_id, account_id)
  );
  CREATE INDEX campaign_cancellations_account ON campaign_cancellations (account_id);
  GRANT SELECT, INSERT ON campaign_cancellations TO ${APPLICATION_ROLE};

  CREATE TABLE campaign_places (
    programme_id uuid NOT NULL,
    campaign_id text NOT NULL,
    day text NOT NULL,
    slice int NOT NULL,
    places bigint CHECK (places >= 0),
    PRIMARY KEY (programme_id, campaign_id, day, slice)
  ) WITH (fillfactor = 10);
  GRANT SELECT, INSERT, UPDATE ON campaign_places TO ${APPLICATION_ROLE};`;
