import type { DataSource } from 'typeorm';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.js';
import { createDataSource } from './data-source.js';
import { Snapshot } from './snapshot.js';

const NUMBERS = 'SELECT n FROM generate_series(1, $1::int) n';
const OPEN_CURSORS = `SELECT name FROM pg_cursors WHERE name LIKE 'laurel%'`;

describe('the batches of a snapshot', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let snapshot: Snapshot;

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await createDataSource(database.applicationUrl).initialize();
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });
  beforeEach(async () => {
    snapshot = await Snapshot.open(dataSource);
  });
  afterEach(() => snapshot.close());

  const numbers = (upTo: number) => snapshot.batches(NUMBERS, [upTo], 2);
  const isClosed = async () => expect(await snapshot.query(OPEN_CURSORS, [])).toEqual([]);

  async function all(upTo: number): Promise<unknown[]> {
    const read: unknown[] = [];
    for await (const rows of numbers(upTo)) read.push(rows.map(({ n }) => n));
    return read;
  }

  it('are all rows in their order, and no cursor is left', async () => {
    expect(await all(5)).toEqual([[1, 2], [3, 4], [5]]);
    expect(await all(4)).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(await all(0)).toEqual([]);
    await isClosed();
  });

  it('may be left at the first, and then read again', async () => {
    for await (const rows of numbers(9)) {
      expect(rows).toHaveLength(2);
      break;
    }
    await isClosed();
    expect(await all(3)).toEqual([[1, 2], [3]]);
  });

  it('are closed where the reader fails, with the error of the reader', async () => {
    const failing = async () => {
      for await (const rows of numbers(9)) throw new Error(`reader of ${rows.length}`);
    };
    await expect(failing()).rejects.toThrow('reader of 2');
    await isClosed();
  });

  it('may be read within others', async () => {
    const sums: number[] = [];
    for await (const outer of numbers(3)) {
      for await (const inner of numbers(2)) sums.push(outer.length * 10 + inner.length);
    }
    expect(sums).toEqual([22, 12]);
    await isClosed();
  });

  it('end with the error of the query', async () => {
    const reading = async () => {
      for await (const rows of snapshot.batches('SELECT 1 / (3 - n) FROM generate_series(1, 9) n', [], 2))
        void rows;
    };
    await expect(reading()).rejects.toThrow('division by zero');
  });
});
