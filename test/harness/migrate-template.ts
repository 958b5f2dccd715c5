import { access } from 'node:fs/promises';
import type { DataSource } from 'typeorm';

const DATA_SOURCE = '../../src/platform/database/data-source';

interface DataSourceModule {
  createDataSource: (url: string, options?: { poolSize?: number }) => DataSource;
}

/** Brings an empty database to the newest schema with the project's own migrations. */
export async function migrateTemplate(url: string): Promise<void> {
  // TODO(laurel): import it statically once src/platform/database/data-source.ts exists.
  const exists = await access(new URL(`${DATA_SOURCE}.ts`, import.meta.url)).then(
    () => true,
    () => false,
  );
  if (!exists) return;
  const { createDataSource } = (await import(`${DATA_SOURCE}.js`)) as DataSourceModule;
  const dataSource = await createDataSource(url, { poolSize: 1 }).initialize();
  try {
    await dataSource.runMigrations();
  } finally {
    await dataSource.destroy();
  }
}
