import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';
import { backup } from '../../src/cli/backup/backup.js';
import { restore } from '../../src/cli/backup/restore.js';
import { anchorSigning } from '../../src/integrity/index.js';
import { EverythingStory, STORY_BEGINS } from '../builders/everything-story.js';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '../harness/database.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';
import { MovingClock } from '../harness/moving-clock.js';

/** One installation in which everything was written once, and its backup, made while it runs. */
describe('a backup', () => {
  const clock = new MovingClock(STORY_BEGINS);
  let folder: string;
  let file: string;
  let engine: TestEngine;
  const databases: TestDatabase[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'laurel-backup-'));
    file = join(folder, 'backup.gz');
    const signing = await anchorSigning(undefined, folder);
    engine = await startTestEngine({ clock, anchorSigning: signing });
    await new EverythingStory(engine, clock).tell();
    // It gives positions to all events, as the one after the restore does.
    expect((await engine.api.get('/v1/admin/verify')).body).toMatchObject({ clean: true });
    await writeFile(join(folder, 'admin-key'), 'lrl_of_the_test\n');
    const made = await run(backup, [file], engine, folder);
    expect(made).toMatchObject({
      code: 0,
      out: expect.stringMatching(/rows of \d+ tables, anchor-key.pem, admin-key/),
    });
  });
  afterAll(async () => {
    await engine?.close();
    for (const database of databases) await database.drop();
    await rm(folder, { recursive: true, force: true });
  });

  async function run(
    command: typeof backup | typeof restore,
    args: string[],
    urls: Pick<TestDatabase, 'applicationUrl' | 'ownerUrl'>,
    dataDir: string,
  ) {
    const stdout = new PassThrough();
    const env = {
      DATABASE_URL: urls.applicationUrl,
      LAUREL_MIGRATION_URL: urls.ownerUrl,
      LAUREL_DATA_DIR: dataDir,
    };
    const code = await command(args, env, { stdout });
    return { code, out: String(stdout.read() ?? '') };
  }

  async function empty(): Promise<TestDatabase> {
    const database = await createEmptyDatabase();
    databases.push(database);
    return database;
  }

  /** The file with its lines changed, and the digest made to fit. */
  async function forged(change: (lines: string[]) => string[]): Promise<string> {
    const lines = change(
      gunzipSync(await readFile(file))
        .toString()
        .trimEnd()
        .split('\n'),
    );
    const before = lines.slice(0, -1).map((text) => `${text}\n`);
    const totals = JSON.parse(lines.at(-1) as string) as object;
    const sha256 = createHash('sha256').update(before.join('')).digest('hex');
    const path = join(folder, `forged-${Date.now()}.gz`);
    await writeFile(path, gzipSync(`${before.join('')}${JSON.stringify({ ...totals, sha256 })}\n`));
    return path;
  }

  it('restores every row and key, and verify finds nothing', async () => {
    const database = await empty();
    const other = join(folder, 'other');
    const done = await run(restore, [file], database, other);
    expect(done.out).toMatch(/is restored\.\nClean: \d+ accounts/);
    expect(done.code).toBe(0);
    expect(await digests(database)).toEqual(await digests(engine));
    for (const name of ['anchor-key.pem', 'admin-key']) {
      expect(await readFile(join(other, name), 'utf8')).toBe(await readFile(join(folder, name), 'utf8'));
      expect((await stat(join(other, name))).mode & 0o777).toBe(0o600);
    }
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await foreignKeys(database)).toEqual(await foreignKeys(engine));
  });

  it('is not restored into a database with anything in it, nor beside another key', async () => {
    const used = await createTestDatabase();
    databases.push(used);
    await used.asOwner(
      `INSERT INTO programmes (programme_id, name, currency, time_zone, created_at)
       VALUES (gen_random_uuid(), 'There before', 'TWD', 'Asia/Taipei', now())`,
    );
    await expect(run(restore, [file, '--without-keys'], used, folder)).rejects.toThrow(
      /not empty: it has the programme "There before"/,
    );
    const foreign = await empty();
    await foreign.asOwner('CREATE TABLE invoices (invoice_no text)');
    await expect(run(restore, [file, '--without-keys'], foreign, folder)).rejects.toThrow(
      /not empty: it has the table "invoices"/,
    );
    const other = await mkdtemp(join(folder, 'keys-'));
    await writeFile(join(other, 'anchor-key.pem'), 'of another installation');
    await expect(run(restore, [file], await empty(), other)).rejects.toThrow(/another key than that/);
  });

  it('is not restored by a release that does not know its schema', async () => {
    const newer = await forged(([header = '', ...rest]) => {
      const { migrations, ...others } = JSON.parse(header) as { migrations: string[] };
      return [JSON.stringify({ ...others, migrations: [...migrations, 'Tomorrow9999999999999'] }), ...rest];
    });
    await expect(run(restore, [newer], await empty(), folder)).rejects.toThrow(
      /does not have the migration Tomorrow9999999999999/,
    );
  });

  it('that was cut off, changed or is something else is refused before anything is written', async () => {
    const database = await empty();
    const whole = await readFile(file);
    const text = gunzipSync(whole).toString();
    const damaged = join(folder, 'damaged.gz');
    for (const content of [
      whole.subarray(0, whole.length - 100),
      Buffer.from('not compressed'),
      gzipSync(text.replace('A-1', 'A-9')),
      gzipSync(text.slice(0, text.trimEnd().lastIndexOf('\n') + 1)),
      gzipSync(''),
    ]) {
      await writeFile(damaged, content);
      await expect(run(restore, [damaged], database, folder)).rejects.toThrow(/is no whole backup/);
    }
    expect(await database.asOwner(`SELECT 1 FROM pg_class WHERE relname = 'programmes'`)).toEqual([]);
    await expect(run(restore, [join(folder, 'none.gz')], database, folder)).rejects.toThrow(/ENOENT/);
  });

  it('never overwrites a file, and leaves nothing half-written', async () => {
    await expect(run(backup, [file], engine, folder)).rejects.toThrow(/exists; name another file/);
    await expect(run(backup, [join(folder, 'none', 'b.gz')], engine, folder)).rejects.toThrow(/ENOENT/);
    const bare = await empty();
    await expect(run(backup, [join(folder, 'bare.gz')], bare, folder)).rejects.toThrow(/no schema yet/);
    await expect(stat(join(folder, 'bare.gz.unfinished'))).rejects.toThrow(/ENOENT/);
  });

  async function digests({ asOwner }: Pick<TestDatabase, 'asOwner'>): Promise<Record<string, string | null>> {
    const tables = await asOwner<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
       AND relname <> 'migrations' ORDER BY relname`,
    );
    const entries = tables.map(async ({ name }) => {
      const row = 't::text';
      const [found] = await asOwner<{ digest: string | null }>(
        `SELECT md5(string_agg(${row}, '' ORDER BY ${row})) AS digest FROM "${name}" t`,
      );
      return [name, found?.digest ?? null] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
  }

  function foreignKeys({ asOwner }: Pick<TestDatabase, 'asOwner'>) {
    return asOwner(
      `SELECT conrelid::regclass::text AS table, pg_get_constraintdef(oid) AS definition
       FROM pg_constraint WHERE contype = 'f' ORDER BY 1, 2`,
    );
  }
});
