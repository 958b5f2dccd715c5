import type { DataSource } from 'typeorm';

/**
 * Roles that the user of this connection is or may take and that could change or delete movements: superusers, owners
 * of a table, of the schema or of the database, and roles with the privilege. Before PostgreSQL 16 a role that
 * creates roles may make itself a member of any other.
 */
const REWRITERS = `SELECT r.rolname AS name FROM pg_roles r
  WHERE pg_has_role(session_user, r.oid, 'MEMBER') AND (
    r.rolsuper
    OR (r.rolcreaterole AND current_setting('server_version_num')::int < 160000)
    OR r.oid IN (SELECT c.relowner FROM pg_class c
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p'))
    OR r.oid = (SELECT n.nspowner FROM pg_namespace n WHERE n.oid = 'public'::regnamespace)
    OR has_table_privilege(r.oid, 'movements', 'UPDATE, DELETE, TRUNCATE'))
  ORDER BY r.rolname`;

/** By which roles the user of a connection could rewrite history; none for a login of the application alone. */
export async function rolesThatRewriteHistory(dataSource: DataSource): Promise<readonly string[]> {
  return (await dataSource.query<{ name: string }[]>(REWRITERS)).map(({ name }) => name);
}
