import type { DataSource } from 'typeorm';
import { seedProgramme } from '../../../test/builders/ledger-seed.js';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.js';
import { FarewellProxy } from '../../../test/harness/farewell-proxy.js';
import type { ProgrammeId } from '../../kernel/ids.js';
import { systemClock } from '../clock/system-clock.js';
import { UuidV7Source } from '../ids/uuid-v7-source.js';
import { ConfigStore } from '../versioned-config/config.store.js';
import { ConfigVersionEntity } from '../versioned-config/config-version.entity.js';
import { ProgrammeEntity } from '../versioned-config/programme.entity.js';
import { createDataSource } from './data-source.js';
import { Prepared } from './prepared.js';
import { Snapshot } from './snapshot.js';
import { classifySqlError } from './sql-errors.js';

/** At least as many answers as anything below asks for. */
const ENOUGH = 11;
const NUMBERS = 'SELECT n FROM generate_series(1, 5) n';

const uses: Readonly<Record<string, (dataSource: DataSource, programmeId: ProgrammeId) => Promise<unknown>>> =
  {
    'two statements': async (dataSource) => {
      for (const sql of [NUMBERS, NUMBERS]) await dataSource.query(sql);
    },
    'two prepared statements': async (dataSource) => {
      for (const name of ['one', 'other'])
        await new Prepared(`farewell ${name}`, NUMBERS).rows(dataSource, []);
    },
    'a configuration, read in a transaction': (dataSource, programmeId) =>
      new ConfigStore(dataSource).snapshot(programmeId),
    'a snapshot and its rows': async (dataSource) => {
      const snapshot = await Snapshot.open(dataSource);
      try {
        for await (const rows of snapshot.batches(NUMBERS, [], 2)) await snapshotTakes(rows);
      } finally {
        await snapshot.close();
      }
    },
  };

/** Work on rows takes a turn of the event loop. */
const snapshotTakes = (rows: readonly unknown[]): Promise<unknown> =>
  new Promise((resolve) => setImmediate(() => resolve(rows)));

describe('a server that goes down with any of its answers', () => {
  let database: TestDatabase;
  let programmeId: ProgrammeId;

  beforeAll(async () => {
    database = await createTestDatabase();
    const dataSource = await createDataSource(database.applicationUrl).initialize();
    programmeId = await seedProgramme(dataSource, new UuidV7Source(systemClock));
    await dataSource.destroy();
  });
  afterAll(() => database.drop());

  it.each(Object.entries(uses))('is away, and nothing else is wrong: %s', async (_, use) => {
    const kinds: string[] = [];
    for (let answers = 1; answers <= ENOUGH; answers += 1) {
      const proxy = await FarewellProxy.before(database.applicationUrl);
      const dataSource = createDataSource(proxy.address, {
        entities: [ProgrammeEntity, ConfigVersionEntity],
      });
      await dataSource.initialize();
      proxy.goDownWith(answers);
      try {
        await use(dataSource, programmeId);
        kinds.push('done');
      } catch (error) {
        const kind = classifySqlError(error);
        kinds.push(kind === 'connection' ? kind : `${answers} ${kind}: ${String(error)}`);
      } finally {
        await dataSource.destroy().catch(() => undefined);
        await proxy.close();
      }
    }
    expect([...new Set(kinds)]).toEqual(['connection', 'done']);
  });
});
