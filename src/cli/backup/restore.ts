import type { DataSource, QueryRunner } from 'typeorm';
import { VerifyService } from '../../integrity/index.js';
import { parseConfiguration } from '../../platform/config/configuration.js';
import { createDataSource, createMigrationDataSource } from '../../platform/database/data-source.js';
import { locateDatabase } from '../../platform/database/database-location.js';
import { migrate, migrateWith, MIGRATION_NAMES } from '../../platform/database/migrate.js';
import { reportText } from '../verify.js';
import { checkBackup, partsOf, type BackupHeader, type BackupTotals } from './backup-file.js';
import { refuseOtherKeys, writeKeyFiles, type KeyFile } from './key-files.js';
import { fileArguments } from './file-arguments.js';
import { appliedMigrations, RowLoader, contentOf } from './whole-database.query.js';

const HELP = `Usage: npm run laurel -- restore FILE [--without-keys]

Puts a backup into an empty database and its key files into the data folder, brings the schema to this release,
and verifies every figure. The file is read and held to its digest before anything is written. Refused are a
database that has a programme, a file of a newer schema, and a file that is not as it was written.

  --without-keys   leave the key files out

Exit code: 0 restored and clean, 2 restored with differences, 1 failed.
`;

interface Io {
  readonly stdout: NodeJS.WritableStream;
}

/** `laurel restore`. @returns the exit code. */
export async function restore(args: string[], env: NodeJS.ProcessEnv, io: Io): Promise<number> {
  const given = fileArguments(args, HELP, io.stdout);
  if (typeof given === 'number') return given;
  const { path, withKeys } = given;
  const configuration = parseConfiguration(env, process.cwd());
  const file = await checkBackup(path);
  refuseNewerSchema(path, file);
  const keys = withKeys ? await keyFilesOf(path) : [];
  await refuseOtherKeys(configuration.dataDir, keys);
  const database = await locateDatabase(configuration, 'attach');
  try {
    const ownerUrl = database.migrationUrl ?? database.url;
    await load(ownerUrl, path, file);
    await migrate(ownerUrl);
    await writeKeyFiles(configuration.dataDir, keys);
    io.stdout.write(`${path} of ${file.takenAt} is restored.\n`);
    return await verified(database.url, io);
  } finally {
    await database.stop();
  }
}

/** This release must have all migrations of the file. */
function refuseNewerSchema(path: string, { migrations }: BackupHeader): void {
  const [unknown] = migrations.filter((name) => !MIGRATION_NAMES.includes(name));
  if (unknown !== undefined)
    throw new Error(`${path} has a newer schema: this release does not have the migration ${unknown}.`);
}

async function keyFilesOf(path: string): Promise<readonly KeyFile[]> {
  const keys: KeyFile[] = [];
  for await (const part of partsOf(path)) {
    // They come first.
    if (!('file' in part)) break;
    keys.push(part);
  }
  return keys;
}

/** The schema as it was when the file was written, then the rows, all of them or none. */
async function load(ownerUrl: string, path: string, file: BackupHeader & BackupTotals): Promise<void> {
  const dataSource = await createMigrationDataSource(ownerUrl).initialize();
  try {
    await refuseContent(dataSource, file.migrations);
    await migrateWith(ownerUrl, file.migrations);
    await dataSource.transaction(async ({ queryRunner }) => {
      const loader = await RowLoader.begin(queryRunner as QueryRunner, Object.keys(file.tables));
      for await (const part of partsOf(path)) if ('table' in part) await loader.add(part.table, part.rows);
      await loader.end();
    });
    await dataSource.query('ANALYZE');
  } finally {
    await dataSource.destroy();
  }
}

async function refuseContent(dataSource: DataSource, wanted: readonly string[]): Promise<void> {
  const query = (sql: string): Promise<unknown> => dataSource.query(sql);
  const content = await contentOf(query);
  if (content !== null)
    throw new Error(`The database is not empty: ${content}. A backup is restored into an empty one.`);
  const applied = await appliedMigrations(query);
  if (applied.some((name) => !wanted.includes(name)))
    throw new Error(
      'The database has a newer schema than the backup. A backup is restored into an empty one.',
    );
}

async function verified(url: string, io: Io): Promise<number> {
  const dataSource = await createDataSource(url, { poolSize: 2 }).initialize();
  try {
    const report = await new VerifyService(dataSource).run();
    io.stdout.write(reportText(report));
    return report.clean ? 0 : 2;
  } finally {
    await dataSource.destroy();
  }
}
