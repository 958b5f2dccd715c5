import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The role every connection of the running engine takes; see `createDataSource`. */
export const APPLICATION_ROLE = 'laurel_app';

const APPEND_ONLY = ['movements', 'events', 'audit_log', 'tier_changes', 'claims'];
const UPDATABLE = [
  'programmes',
  'config_versions',
  'api_keys',
  'members',
  'accounts',
  'lots',
  'redemptions',
  'reward_stock',
  'qualifying_days',
  'event_cursors',
];

/**
 * Append-only by grants: the role the application runs as may not change or delete a movement, an event, a
 * tier change, a claim or an audit entry, whatever its code says.
 */
export class ApplicationRole1764000000001 implements MigrationInterface {
  name = 'ApplicationRole1764000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`DO $$ BEGIN
      CREATE ROLE ${APPLICATION_ROLE} NOLOGIN;
      EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END $$`);
    await runner.query(`GRANT ${APPLICATION_ROLE} TO CURRENT_USER`);
    await runner.query(`GRANT USAGE ON SCHEMA public TO ${APPLICATION_ROLE}`);
    await runner.query(`GRANT SELECT, INSERT ON ${APPEND_ONLY.join(', ')}, purchases TO ${APPLICATION_ROLE}`);
    await runner.query(`GRANT SELECT, INSERT, UPDATE ON ${UPDATABLE.join(', ')} TO ${APPLICATION_ROLE}`);
    await runner.query(`GRANT DELETE ON config_versions, member_identities TO ${APPLICATION_ROLE}`);
    await runner.query(`GRANT SELECT, INSERT ON member_identities TO ${APPLICATION_ROLE}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP OWNED BY ${APPLICATION_ROLE}`);
  }
}
