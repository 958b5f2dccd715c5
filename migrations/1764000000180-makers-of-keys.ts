import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keys know which key made them and when they were used last; keys of before know neither. */
export class MakersOfKeys1764000000180 implements MigrationInterface {
  name = 'MakersOfKeys1764000000180';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE api_keys ADD COLUMN created_by text`);
    await runner.query(`ALTER TABLE api_keys ADD COLUMN last_used_at timestamptz`);
    // Who made a key stands in the audit log since the first one.
    await runner.query(MAKERS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE api_keys DROP COLUMN last_used_at`);
    await runner.query(`ALTER TABLE api_keys DROP COLUMN created_by`);
  }
}

/** The log's subject is the id as the API writes it, which SQL does not know, so name and instant tell the key. */
const MAKERS = `UPDATE api_keys k SET created_by = a.actor
  FROM audit_log a
  WHERE a.programme_id = k.programme_id AND a.action = 'key.created' AND a.at = k.created_at
    AND a.after ->> 'name' = k.name`;
