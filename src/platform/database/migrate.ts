import { createDataSource } from './data-source.js';

/** Any fixed number; processes that start at once migrate one after the other. */
const MIGRATION_LOCK = 7_203_517;

/** Brings the database to the newest schema. @throws Error when it is reached but cannot be migrated. */
export async function migrate(url: string): Promise<void> {
  const dataSource = await createDataSource(url, { poolSize: 2 }).initialize();
  const runner = dataSource.createQueryRunner();
  try {
    await runner.query(`SELECT pg_advisory_lock(${MIGRATION_LOCK})`);
    await dataSource.runMigrations({ transaction: 'each' });
  } finally {
    await runner.query(`SELECT pg_advisory_unlock(${MIGRATION_LOCK})`).catch(() => undefined);
    await runner.release();
    await dataSource.destroy();
  }
}
