import { migrate } from '../../src/platform/database/migrate.js';

/** Brings an empty database to the newest schema with the project's own migrations. */
export async function migrateTemplate(url: string): Promise<void> {
  await migrate(url);
}
