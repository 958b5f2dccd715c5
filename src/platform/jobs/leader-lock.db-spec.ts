import type { DataSource } from 'typeorm';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.js';
import { createDataSource } from '../database/data-source.js';
import { LeaderLock } from './leader-lock.store.js';

const LIMIT_MS = 100;

/** Stops everything in this process, as a paused machine does. */
function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

describe('LeaderLock', () => {
  let database: TestDatabase;
  let sources: DataSource[];

  beforeEach(async () => {
    database = await createTestDatabase();
    sources = await Promise.all(
      [1, 2].map(() => createDataSource(database.applicationUrl, { poolSize: 1 }).initialize()),
    );
  });
  afterEach(async () => {
    await Promise.all(sources.map((source) => source.destroy()));
    await database.drop();
  });

  it('goes to another process when its holder stands still, and the holder learns of it', async () => {
    const [one, two] = sources.map((source) => new LeaderLock(source, 'thing', LIMIT_MS)) as [
      LeaderLock,
      LeaderLock,
    ];
    expect([await one.hold(), await two.hold()]).toEqual([true, false]);
    standStill(10 * LIMIT_MS);
    expect(await two.hold()).toBe(true);
    while (await one.hold());
    expect(await one.hold()).toBe(false);
    await two.release();
    expect(await one.hold()).toBe(true);
    await one.release();
  });

  it('stays with a holder that has nothing to say, and leaves its connection as it was', async () => {
    const [one, two] = sources.map((source) => new LeaderLock(source, 'thing', LIMIT_MS)) as [
      LeaderLock,
      LeaderLock,
    ];
    expect(await one.hold()).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 3 * LIMIT_MS));
    expect(await two.hold()).toBe(false);
    await one.release();
    expect(await sources[0]?.query('SHOW idle_session_timeout')).toEqual([{ idle_session_timeout: '0' }]);
  });
});
