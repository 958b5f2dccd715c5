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

const HOW_TO = `'The database user % may not make or take the role ${APPLICATION_ROLE}. Let an administrator run once: CREATE ROLE ${APPLICATION_ROLE} NOLOGIN; GRANT ${APPLICATION_ROLE} TO %;', current_user, current_user`;

/**
 * Makes the role and makes the owner a member of it. From PostgreSQL 16 on, whoever makes a role administers it
 * but may not take it, so the grant is always asked for; it is enough that an administrator gave it before.
 */
const TAKE_ROLE = `DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = '${APPLICATION_ROLE}') THEN
    BEGIN
      CREATE ROLE ${APPLICATION_ROLE} NOLOGIN;
    EXCEPTION
      WHEN duplicate_object OR unique_violation THEN NULL;
      WHEN insufficient_privilege THEN RAISE EXCEPTION ${HOW_TO};
    END;
  END IF;
  BEGIN
    EXECUTE format('GRANT ${APPLICATION_ROLE} TO %I', current_user);
  EXCEPTION
    WHEN insufficient_privilege THEN
      IF NOT pg_has_role(current_user, '${APPLICATION_ROLE}', 'MEMBER') THEN RAISE EXCEPTION ${HOW_TO}; END IF;
  END;
END $$`;

/**
 * Append-only by grants: the role the application runs as may not change or delete a movement, an event, a
 * tier change, a claim or an audit entry, whatever its code says.
 */
export class ApplicationRole1764000000001 implements MigrationInterface {
  name = 'ApplicationRole1764000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TAKE_ROLE);
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
