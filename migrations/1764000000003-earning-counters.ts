import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE } from './1764000000001-application-role.js';

/** How much each earning rule with limits gave a member, by business day of the receipts. */
export class EarningCounters1764000000003 implements MigrationInterface {
  name = 'EarningCounters1764000000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE earning_days (
        account_id uuid NOT NULL,
        member_id uuid NOT NULL,
        rule_id text NOT NULL,
        day date NOT NULL,
        points bigint NOT NULL,
        times bigint NOT NULL,
        PRIMARY KEY (account_id, member_id, rule_id, day)
      ) WITH (fillfactor = 90)`);
    await runner.query(`GRANT SELECT, INSERT, UPDATE ON earning_days TO ${APPLICATION_ROLE}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE earning_days');
  }
}
