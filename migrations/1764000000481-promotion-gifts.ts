import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE } from './1764000000001-application-role.js';

/** Gifts for promotions of members, and those that were taken back with their promotions. */
export class PromotionGifts1764000000481 implements MigrationInterface {
  name = 'PromotionGifts1764000000481';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE promotion_gift_reversals, promotion_gifts');
  }
}

const TABLES = `
  CREATE TABLE promotion_gifts (
    gift_id uuid NOT NULL,
    account_id uuid NOT NULL,
    member_id uuid NOT NULL,
    rule_id text NOT NULL,
    rule_version int NOT NULL,
    tier text NOT NULL,
    since timestamptz NOT NULL,
    cause_type text NOT NULL,
    cause_id uuid,
    purchase_id uuid,
    occurred_at timestamptz NOT NULL,
    business_date date NOT NULL,
    recorded_at timestamptz NOT NULL,
    points bigint NOT NULL CHECK (points >= 0),
    explanation json NOT NULL,
    lot_ids json NOT NULL,
    seal int,
    PRIMARY KEY (gift_id, account_id)
  );
  CREATE INDEX promotion_gifts_account ON promotion_gifts (account_id);
  CREATE INDEX promotion_gifts_member ON promotion_gifts (member_id, gift_id);
  GRANT SELECT, INSERT ON promotion_gifts TO ${APPLICATION_ROLE};

  CREATE TABLE promotion_gift_reversals (
    gift_id uuid NOT NULL,
    account_id uuid NOT NULL,
    member_id uuid NOT NULL,
    cause_type text NOT NULL,
    cause_id uuid NOT NULL,
    recorded_at timestamptz NOT NULL,
    points_taken bigint NOT NULL CHECK (points_taken >= 0),
    gone bigint NOT NULL CHECK (gone >= 0),
    debt bigint NOT NULL CHECK (debt >= 0),
    forgiven bigint NOT NULL CHECK (forgiven >= 0),
    seal int,
    PRIMARY KEY (gift_id, account_id)
  );
  CREATE INDEX promotion_gift_reversals_account ON promotion_gift_reversals (account_id);
  GRANT SELECT, INSERT ON promotion_gift_reversals TO ${APPLICATION_ROLE};`;
