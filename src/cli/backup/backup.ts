import { formatInstant } from '../../kernel/time.js';
import { systemClock } from '../../platform/clock/system-clock.js';
import { parseConfiguration } from '../../platform/config/configuration.js';
import { createMigrationDataSource } from '../../platform/database/data-source.js';
import { locateDatabase } from '../../platform/database/database-location.js';
import { Snapshot } from '../../platform/database/snapshot.js';
import { BACKUP_FORMAT, writeBackup, type BackupPart } from './backup-file.js';
import { readKeyFiles, type KeyFile } from './key-files.js';
import { fileArguments } from './file-arguments.js';
import { appliedMigrations, rowsOfDatabase } from './whole-database.query.js';

const HELP = `Usage: npm run laurel -- backup FILE [--without-keys]

Writes the whole installation into one compressed file: every row as of one moment, and the key files of the data
folder (anchor-key.pem, admin-key, demo-keys.json). Runs beside a working engine. The file is a secret; only its
owner may read it. An anchor key in LAUREL_ANCHOR_KEY is not in it: keep that where it came from.

  --without-keys   leave the key files out

Exit code: 0 written, 1 failed.
`;

interface Io {
  readonly stdout: NodeJS.WritableStream;
}

/** `laurel backup`. @returns the exit code. */
export async function backup(args: string[], env: NodeJS.ProcessEnv, io: Io): Promise<number> {
  const given = fileArguments(args, HELP, io.stdout);
  if (typeof given === 'number') return given;
  const { path, withKeys } = given;
  const configuration = parseConfiguration(env, process.cwd());
  const keys = withKeys ? await readKeyFiles(configuration.dataDir) : [];
  const database = await locateDatabase(configuration, 'attach');
  try {
    const { tables, files } = await backUp(database.migrationUrl ?? database.url, path, keys);
    const rows = Object.values(tables).reduce((a, b) => a + b, 0);
    const kept = files.length === 0 ? 'no key files' : files.join(', ');
    io.stdout.write(`${path}: ${rows} rows of ${Object.keys(tables).length} tables, ${kept}.\n`);
    return 0;
  } finally {
    await database.stop();
  }
}

async function backUp(url: string, path: string, keys: readonly KeyFile[]) {
  const dataSource = await createMigrationDataSource(url).initialize();
  try {
    const snapshot = await Snapshot.open(dataSource);
    try {
      const migrations = await appliedMigrations((sql) => snapshot.query(sql, []));
      if (migrations.length === 0) throw new Error('The database has no schema yet: start the engine once.');
      const takenAt = formatInstant(systemClock.now());
      return await writeBackup(
        path,
        { laurelBackup: BACKUP_FORMAT, takenAt, migrations },
        parts(keys, snapshot),
      );
    } finally {
      await snapshot.close();
    }
  } finally {
    await dataSource.destroy();
  }
}

async function* parts(keys: readonly KeyFile[], snapshot: Snapshot): AsyncGenerator<BackupPart> {
  yield* keys;
  yield* rowsOfDatabase(snapshot);
}
