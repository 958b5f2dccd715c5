import { readFileSync } from 'node:fs';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { LedgerSeed, seedProgramme } from '../builders/ledger-seed.js';
import { createTestDatabase, type TestDatabase } from '../harness/database.js';
import { migrations } from '../../migrations/index.js';
import { createEngine } from '../../src/engine.js';
import { UuidV7Source } from '../../src/platform/ids/uuid-v7-source.js';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { rolesThatRewriteHistory } from '../../src/platform/database/history-guard.query.js';
import { PinoLogger } from '../../src/platform/observability/pino-logger.js';
import { migrate } from '../../src/platform/database/migrate.js';

const PAGE = new URL('../../docs/ledger.md', import.meta.url);
const ids = new UuidV7Source({ now: () => Date.parse('2026-01-31T00:00:00Z') });

const TAKE_BACK = [
  'SET ROLE none',
  'RESET ROLE',
  'RESET ALL',
  'SET SESSION AUTHORIZATION DEFAULT',
  'SET SESSION AUTHORIZATION laurel',
  'SET ROLE laurel',
  'RESET SESSION AUTHORIZATION',
];
const REWRITES = [
  'UPDATE movements SET points = points + 1',
  'DELETE FROM movements',
  'TRUNCATE movements',
  'ALTER TABLE movements DISABLE TRIGGER ALL',
  'DROP TABLE movements',
  'GRANT UPDATE ON movements TO PUBLIC; UPDATE movements SET points = 1',
];

describe('the user the engine connects as', () => {
  let database: TestDatabase;
  let dataSource: DataSource;

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await createDataSource(database.applicationUrl, { poolSize: 1 }).initialize();
    const seed = new LedgerSeed(ids, await seedProgramme(dataSource, ids));
    seed.grant({ points: 100, at: '2026-01-05T10:00:00Z' });
    await seed.save(dataSource);
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  it.each(TAKE_BACK)('cannot rewrite history after %s', async (statement) => {
    // As the pools connect, and as whoever has their URL may connect.
    for (const options of ['-c role=laurel_app', '']) {
      const client = new pg.Client({ connectionString: database.applicationUrl, options });
      await client.connect();
      try {
        await client.query(statement).catch((error: pg.DatabaseError) => {
          expect([statement, error.message]).toEqual([
            statement,
            expect.stringContaining('permission denied'),
          ]);
        });
        for (const rewrite of REWRITES)
          await expect(client.query(rewrite)).rejects.toThrow(/permission denied|must be owner/);
        expect((await client.query('SELECT m.points FROM movements m')).rows).toEqual([{ points: '100' }]);
      } finally {
        await client.end();
      }
    }
  });

  it('is not the owner, and may take the role of nobody who could', async () => {
    expect(await rolesThatRewriteHistory(dataSource)).toEqual([]);
    const asOwner = await createDataSource(database.ownerUrl, { poolSize: 1 }).initialize();
    expect(await rolesThatRewriteHistory(asOwner)).toContain('laurel');
    await asOwner.destroy();
  });

  it('appends only to the tables that docs/ledger.md names, and to no other', async () => {
    const rows = await dataSource.query<{ name: string }[]>(
      `SELECT c.relname AS name FROM pg_class c
       WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
         AND has_table_privilege(c.oid, 'INSERT') AND NOT has_any_column_privilege(c.oid, 'UPDATE')
         AND NOT has_table_privilege(c.oid, 'DELETE')`,
    );
    const [, section = ''] = readFileSync(PAGE, 'utf8').split('## Append-only by grants');
    const [, sentence = ''] = /may insert into (.+?), and has no right/.exec(section) ?? [];
    const named = [...sentence.matchAll(/`(\w+)`/g)].map(([, name]) => name);
    expect(rows.map(({ name }) => name).sort()).toEqual([...named].sort());
  });
});

describe('the start', () => {
  let database: TestDatabase;

  beforeEach(async () => (database = await createTestDatabase()));
  afterEach(() => database.drop());

  it('migrates as the owner and works as the application', async () => {
    const last = new (migrations.at(-1) as (typeof migrations)[number])().name;
    await database.asOwner('DELETE FROM migrations WHERE name = $1', [new migrations[0]!().name]);
    await expect(migrate(database.applicationUrl)).rejects.toThrow('Set LAUREL_MIGRATION_URL');
    await database.asOwner('INSERT INTO migrations (timestamp, name) VALUES (1, $1)', [
      new migrations[0]!().name,
    ]);
    expect(await database.asOwner('SELECT m.name FROM migrations m WHERE m.name = $1', [last])).toHaveLength(
      1,
    );
    await migrate(database.ownerUrl);
    await migrate(database.applicationUrl);
  });

  it('refuses a schema whose state the application may not read, instead of guessing', async () => {
    await database.asOwner('REVOKE SELECT ON migrations FROM laurel_app');
    await expect(migrate(database.applicationUrl)).rejects.toThrow(
      /does not own it\. Set LAUREL_MIGRATION_URL/,
    );
  });

  it.each(['one URL for both', 'a URL for each'])('brings an empty database up with %s', async (urls) => {
    const name = `laurel_empty_${process.pid}_${Date.now().toString(36)}`;
    await database.asOwner(`CREATE DATABASE ${name} TEMPLATE template0`);
    const at = (url: string) => Object.assign(new URL(url), { pathname: `/${name}` }).href;
    const [owner, application] = [at(database.ownerUrl), at(database.applicationUrl)];
    const warned: string[] = [];
    const { warn } = Object.getOwnPropertyDescriptors(PinoLogger.prototype);
    PinoLogger.prototype.warn = (message) => void warned.push(String(message));
    try {
      const engine = await createEngine({
        ...{ host: '127.0.0.1', port: 0, logLevel: 'silent', shards: 1, queueLimit: 10, poolSize: 5 },
        ...{ background: false, docs: false },
        ...(urls === 'a URL for each'
          ? { databaseUrl: application, migrationUrl: owner }
          : { databaseUrl: owner }),
      });
      const [{ session, current } = {}] = await engine.dataSource.query<Record<string, string>[]>(
        'SELECT session_user AS session, current_user AS current',
      );
      await engine.close();
      expect([session, current]).toEqual([
        urls === 'a URL for each' ? 'laurel_engine' : 'laurel',
        'laurel_app',
      ]);
      expect(warned.filter((message) => message.startsWith('History is not guarded'))).toHaveLength(
        urls === 'a URL for each' ? 0 : 1,
      );
    } finally {
      Object.defineProperty(PinoLogger.prototype, 'warn', warn);
      await database.asOwner(`DROP DATABASE ${name} WITH (FORCE)`);
    }
  });
});
