import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { checkBackup } from '../../src/cli/backup/backup-file.js';
import { restore } from '../../src/cli/backup/restore.js';
import { MIGRATION_NAMES } from '../../src/platform/database/migrate.js';
import { createEmptyDatabase } from '../harness/database.js';

const FOLDER = fileURLToPath(new URL('./earlier-schemas/', import.meta.url));
const FILES = (await readdir(FOLDER)).filter((name) => name.endsWith('.gz'));

/**
 * Backups that earlier states of the engine left, each with the schema of its time (the name begins with the last
 * migration's number): the demo, or a story in which everything was written. `laurel backup` makes the next one, at a
 * release.
 */
describe('a filled database of an earlier schema', () => {
  let folder: string;

  beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'laurel-earlier-'))));
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('is there for several', () => {
    expect(FILES.length).toBeGreaterThanOrEqual(3);
  });

  it.each(FILES)('%s is migrated to this release, and verify finds nothing', async (name) => {
    const { migrations, tables } = await checkBackup(join(FOLDER, name));
    expect(migrations.length).toBeLessThan(MIGRATION_NAMES.length);
    expect(tables['movements']).toBeGreaterThan(10);
    const database = await createEmptyDatabase();
    try {
      const stdout = new PassThrough();
      const env = {
        DATABASE_URL: database.applicationUrl,
        LAUREL_MIGRATION_URL: database.ownerUrl,
        LAUREL_DATA_DIR: folder,
      };
      const code = await restore([join(FOLDER, name)], env, { stdout });
      expect(String(stdout.read())).toMatch(/\nClean: \d+ accounts/);
      expect(code).toBe(0);
      const applied = await database.asOwner<{ name: string }>('SELECT m.name FROM migrations m');
      expect(applied.map((row) => row.name).sort()).toEqual([...MIGRATION_NAMES].sort());
    } finally {
      await database.drop();
    }
  });
});
