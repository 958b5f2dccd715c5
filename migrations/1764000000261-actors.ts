import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Facts and events know which key did it, `engine` where nobody asked; those of before do not. The audit log is read
 * by programme and time, by who did it, by its subject and by member.
 */
export class Actors1764000000261 implements MigrationInterface {
  name = 'Actors1764000000261';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.query(`ALTER TABLE ${table} ADD COLUMN actor text`);
    await runner.query(AUDIT);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX audit_log_time, audit_log_actor, audit_log_of, audit_log_member`);
    await runner.query(`CREATE INDEX audit_log_programme ON audit_log (programme_id, audit_id)`);
    await runner.query(`ALTER TABLE audit_log DROP COLUMN member_id`);
    for (const table of TABLES) await runner.query(`ALTER TABLE ${table} DROP COLUMN actor`);
  }
}

const TABLES = ['events', 'purchases', 'returns', 'redemptions', 'transfers'];

const AUDIT = `
  ALTER TABLE audit_log ADD COLUMN member_id uuid;
  DROP INDEX audit_log_programme;
  CREATE INDEX audit_log_time ON audit_log (programme_id, at, audit_id);
  CREATE INDEX audit_log_actor ON audit_log (programme_id, actor, at, audit_id);
  CREATE INDEX audit_log_of ON audit_log (programme_id, subject, at, audit_id);
  CREATE INDEX audit_log_member ON audit_log (member_id, at, audit_id) WHERE member_id IS NOT NULL;`;
