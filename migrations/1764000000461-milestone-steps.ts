import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE } from './1764000000001-application-role.js';

/** Steps that milestones gave members, and those that returns took back. */
export class MilestoneSteps1764000000461 implements MigrationInterface {
  readonly name = 'MilestoneSteps1764000000461';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLE);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE milestone_steps');
  }
}

const TABLE = `
  CREATE TABLE milestone_steps (
    milestone_id uuid NOT NULL,
    account_id uuid NOT NULL,
    member_id uuid NOT NULL,
    rule_id text NOT NULL,
    rule_version int NOT NULL,
    run int NOT NULL,
    first_day date NOT NULL,
    award_id uuid,
    purchase_id uuid NOT NULL,
    return_id uuid,
    steps bigint NOT NULL,
    points bigint NOT NULL,
    gone bigint NOT NULL CHECK (gone >= 0),
    lot_ids json NOT NULL,
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    seal int,
    PRIMARY KEY (milestone_id, account_id)
  );
  CREATE INDEX milestone_steps_account ON milestone_steps (account_id);
  CREATE INDEX milestone_steps_member ON milestone_steps (member_id, first_day);
  GRANT SELECT, INSERT ON milestone_steps TO ${APPLICATION_ROLE};
`;
