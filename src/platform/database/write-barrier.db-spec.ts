import pg from 'pg';
import type { DataSource, EntityManager } from 'typeorm';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.js';
import { createDataSource } from './data-source.js';
import { HELD_BARRIER, holdWrites, WriteBarrier, WritesUnderWay } from './write-barrier.store.js';

const PATIENCE_MS = 20_000;
const nothing = () => Promise.resolve();

describe('WriteBarrier', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let barrier: WriteBarrier;
  let writers: pg.Client[];

  beforeEach(async () => {
    database = await createTestDatabase();
    dataSource = await createDataSource(database.applicationUrl, { poolSize: 3 }).initialize();
    barrier = new WriteBarrier(dataSource);
    writers = [];
  });
  afterEach(async () => {
    await Promise.all(writers.map((writer) => writer.end()));
    await dataSource.destroy();
    await database.drop();
  });

  /** A write under way, in a transaction of its own. */
  async function writing(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: database.applicationUrl });
    await client.connect();
    writers.push(client);
    await client.query('BEGIN');
    return client;
  }

  async function anyWaits(): Promise<void> {
    for (;;) {
      const [row] = await database.asOwner<{ waits: boolean }>(
        `SELECT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datname = current_database()
           AND a.wait_event_type = 'Lock') AS waits`,
      );
      if (row?.waits) return;
    }
  }

  it('ends writes and begins none while a change holds them, whatever maintenance of accounts is under way', async () => {
    const vacuum = new pg.Client({ connectionString: database.ownerUrl });
    await vacuum.connect();
    writers.push(vacuum);
    await vacuum.query('BEGIN; LOCK TABLE accounts IN SHARE UPDATE EXCLUSIVE MODE');
    const before = await writing();
    await before.query(HELD_BARRIER);
    const later = await writing();
    const order: string[] = [];
    const held = dataSource.transaction(async (manager) => {
      await holdWrites(manager);
      order.push('held');
      const found = later.query(HELD_BARRIER).then(() => order.push('later'));
      await anyWaits();
      order.push('change');
      return { found };
    });
    await anyWaits();
    order.push('before');
    await before.query('COMMIT');
    await (
      await held
    ).found;
    expect(order).toEqual(['before', 'held', 'change', 'later']);
  });

  it('is raised after a change that holds writes, not in a ring with it', async () => {
    const raised: Promise<void>[] = [];
    await dataSource.transaction(async (manager) => {
      await holdWrites(manager);
      const change = (other: EntityManager) => other.query('UPDATE event_log SET position = position');
      raised.push(barrier.after(change, PATIENCE_MS));
      await anyWaits();
      await manager.query('UPDATE event_log SET position = position');
    });
    await Promise.all(raised);
    expect(await dataSource.query('SELECT FROM write_barriers')).toHaveLength(1);
  });

  it('waits for a write that began before, and for none that began later', async () => {
    const before = await writing();
    await before.query(HELD_BARRIER);
    let isPassed = false;
    const passed = barrier.after(nothing, PATIENCE_MS).then(() => (isPassed = true));
    await anyWaits();
    const later = await writing();
    expect((await later.query(HELD_BARRIER)).rowCount).toBe(1);
    expect(isPassed).toBe(false);
    await before.query('COMMIT');
    await passed;
    expect(isPassed).toBe(true);
  });

  it('lets writes hold it beside each other, and wants no longer patience than it is given', async () => {
    for (const writer of [await writing(), await writing()])
      expect((await writer.query(HELD_BARRIER)).rowCount).toBe(1);
    await expect(barrier.after(nothing, 1)).rejects.toThrow(WritesUnderWay);
    for (const writer of writers) await writer.query('ROLLBACK');
    await barrier.after(nothing, PATIENCE_MS);
    expect(await dataSource.query('SELECT FROM write_barriers')).toHaveLength(1);
  });

  it('is gone for a statement that began before it was raised and comes to it afterwards', async () => {
    const raising = await writing();
    await raising.query('DELETE FROM write_barriers');
    const late = await writing();
    const found = late.query(HELD_BARRIER);
    await anyWaits();
    await raising.query('INSERT INTO write_barriers (barrier) VALUES (2)');
    await raising.query('COMMIT');
    expect((await found).rowCount).toBe(0);
    expect((await late.query(HELD_BARRIER)).rowCount).toBe(1);
  });

  it('raises nothing where the change fails', async () => {
    await expect(barrier.after(() => Promise.reject(new Error('no')), PATIENCE_MS)).rejects.toThrow('no');
    expect(await dataSource.query('SELECT b.barrier FROM write_barriers b')).toEqual([{ barrier: '1' }]);
  });
});
