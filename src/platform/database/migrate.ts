import type { DataSource } from 'typeorm';
import { migrations } from '../../../migrations/index.js';
import { createMigrationDataSource, MIGRATIONS_TABLE } from './data-source.js';

/** Any fixed number; processes that start at once migrate one after the other. */
const MIGRATION_LOCK = 7_203_517;

/** Whether the user of this connection, or a role it may take, owns the schema; null where there is none yet. */
const OWNS_SCHEMA = `SELECT pg_has_role(session_user, c.relowner, 'MEMBER') AS owns
  FROM pg_class c WHERE c.oid = to_regclass('${MIGRATIONS_TABLE}')`;

const READABLE = `SELECT has_table_privilege('${MIGRATIONS_TABLE}', 'SELECT') AS readable`;
const APPLIED = `SELECT m.name FROM ${MIGRATIONS_TABLE} m`;

/** All of this release. */
export const MIGRATION_NAMES: readonly string[] = migrations.map((Migration) => new Migration().name);

/** The schema is not the one of this release, and the user that was given does not own it. */
export class SchemaNotOwnedError extends Error {
  constructor() {
    super(
      'The schema of the database is older than this release, and the user of DATABASE_URL does not own it. ' +
        'Set LAUREL_MIGRATION_URL to the URL of the owner (docs/operations.md#two-roles).',
    );
    this.name = 'SchemaNotOwnedError';
  }
}

/**
 * Brings the database to the newest schema. Where the user of `url` does not own the schema, nothing is changed.
 * @throws SchemaNotOwnedError when it does not own the schema and migrations are missing
 * @throws Error when the database is reached but cannot be migrated
 */
export async function migrate(url: string): Promise<void> {
  const dataSource = await createMigrationDataSource(url).initialize();
  try {
    const [schema] = await dataSource.query<{ owns: boolean }[]>(OWNS_SCHEMA);
    if (!schema || schema.owns) await run(dataSource);
    else if (await lacksMigrations(dataSource)) throw new SchemaNotOwnedError();
  } finally {
    await dataSource.destroy();
  }
}

/** Brings a database to the schema that these migrations of before made, and no further, as its owner. */
export async function migrateWith(url: string, names: readonly string[]): Promise<void> {
  const some = migrations.filter((Migration) => names.includes(new Migration().name));
  const dataSource = await createMigrationDataSource(url, some).initialize();
  try {
    await run(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

async function run(dataSource: DataSource): Promise<void> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.query(`SELECT pg_advisory_lock(${MIGRATION_LOCK})`);
    await dataSource.runMigrations({ transaction: 'each' });
  } finally {
    await runner.query(`SELECT pg_advisory_unlock(${MIGRATION_LOCK})`).catch(() => undefined);
    await runner.release();
  }
}

/**
 * The application's role can read the list of migrations since one of them granted it; before that one the list is
 * missing.
 */
async function lacksMigrations(dataSource: DataSource): Promise<boolean> {
  const [{ readable } = { readable: false }] = await dataSource.query<{ readable: boolean }[]>(READABLE);
  if (!readable) return true;
  const applied = new Set((await dataSource.query<{ name: string }[]>(APPLIED)).map(({ name }) => name));
  return MIGRATION_NAMES.some((name) => !applied.has(name));
}
