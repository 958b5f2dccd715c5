import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE } from './1764000000001-application-role.js';

/**
 * Budgets of campaigns: what is left, in slices, so that shards do not wait for each other; what each rule used, in the
 * same slices; each award's use and what came back of it; and which states were announced.
 */
export class Budgets1764000000490 implements MigrationInterface {
  name = 'Budgets1764000000490';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE budget_slices (
      programme_id uuid NOT NULL,
      budget_id text NOT NULL,
      slice int NOT NULL,
      points bigint CHECK (points >= 0),
      uses bigint CHECK (uses >= 0),
      cost numeric CHECK (cost >= 0),
      PRIMARY KEY (programme_id, budget_id, slice)
    ) WITH (fillfactor = 10)`);
    await runner.query(`CREATE TABLE budget_uses (
      programme_id uuid NOT NULL,
      budget_id text NOT NULL,
      rule_id text NOT NULL,
      slice int NOT NULL,
      points bigint NOT NULL,
      uses bigint NOT NULL,
      cost numeric NOT NULL,
      PRIMARY KEY (programme_id, budget_id, rule_id, slice)
    ) WITH (fillfactor = 10)`);
    await runner.query(`CREATE TABLE budget_notices (
      programme_id uuid NOT NULL,
      budget_id text NOT NULL,
      version int NOT NULL,
      notice text NOT NULL,
      recorded_at timestamptz NOT NULL,
      PRIMARY KEY (programme_id, budget_id, version, notice)
    )`);
    await runner.query(`CREATE TABLE budget_movements (
      account_id uuid NOT NULL,
      movement_id uuid NOT NULL,
      programme_id uuid NOT NULL,
      member_id uuid NOT NULL,
      budget_id text NOT NULL,
      rule_id text NOT NULL,
      rule_version int NOT NULL,
      source_type text NOT NULL,
      source_id uuid NOT NULL,
      points bigint NOT NULL,
      uses int NOT NULL,
      cost numeric NOT NULL,
      recorded_at timestamptz NOT NULL,
      actor text NOT NULL,
      seal int NOT NULL,
      PRIMARY KEY (account_id, movement_id)
    )`);
    await runner.query(`GRANT SELECT, INSERT, UPDATE ON budget_slices, budget_uses TO ${APPLICATION_ROLE}`);
    await runner.query(`GRANT SELECT, INSERT ON budget_notices, budget_movements TO ${APPLICATION_ROLE}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE budget_slices, budget_uses, budget_notices, budget_movements');
  }
}
