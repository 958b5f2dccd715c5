import pg from 'pg';
import type { DataSource } from 'typeorm';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.js';
import { idToUuid, uuidToId, type AccountId } from '../../kernel/ids.js';
import { createDataSource } from '../database/data-source.js';
import { UuidV7Source } from '../ids/uuid-v7-source.js';
import { EventLogQuery } from './event-log.query.js';
import { EventPublisher } from './event-publisher.store.js';

const ids = new UuidV7Source({ now: () => Date.parse('2026-02-01T00:00:00Z') });
const PROGRAMME = idToUuid(ids.next('prg'));

/** Writes events as the pipeline does: the account's row first, then the events, then what is to be published. */
const WRITE = `WITH account AS (
    UPDATE accounts a SET version = a.version + 1, event_seq = a.event_seq + $2::int
    WHERE a.account_id = $1 RETURNING a.event_seq),
  written AS (
    INSERT INTO events (account_id, sequence, event_id, programme_id, member_id, type, version, occurred_at,
      recorded_at, data)
    SELECT $1, account.event_seq - $2::int + n, gen_random_uuid(), $3, NULL, 'thing.happened', 1, now(), now(), '{}'
    FROM account, generate_series(1, $2::int) AS n RETURNING sequence)
  INSERT INTO unpublished_events (account_id, first_sequence, events)
  SELECT $1, min(w.sequence), count(*) FROM written w`;

/** A connection that writes in a transaction of its own, to be committed when the story says so. */
class Writer {
  private constructor(private readonly client: pg.Client) {}

  static async begin(database: TestDatabase): Promise<Writer> {
    const client = new pg.Client({ connectionString: database.applicationUrl });
    await client.connect();
    await client.query('BEGIN');
    return new Writer(client);
  }

  write(account: AccountId, events = 1): Promise<unknown> {
    return this.client.query(WRITE, [idToUuid(account), events, PROGRAMME]);
  }

  lockLog(): Promise<unknown> {
    return this.client.query('SELECT FROM event_log FOR UPDATE');
  }

  async end(how: 'COMMIT' | 'ROLLBACK'): Promise<void> {
    await this.client.query(how);
    await this.client.end();
  }
}

describe('EventPublisher', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let log: EventLogQuery;
  const publisher = (limit?: number) => new EventPublisher(dataSource, undefined, limit);

  beforeEach(async () => {
    database = await createTestDatabase();
    dataSource = await createDataSource(database.applicationUrl, { poolSize: 4 }).initialize();
    log = new EventLogQuery(dataSource);
  });
  afterEach(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  async function account(): Promise<AccountId> {
    const [row] = await dataSource.query<{ account_id: string }[]>(
      `INSERT INTO accounts (account_id, programme_id, head_member_id, version) VALUES ($1, $2, $1, 0) RETURNING account_id`,
      [idToUuid(ids.next('acc')), PROGRAMME],
    );
    return uuidToId('acc', row?.account_id as string);
  }

  async function written(account: AccountId, events = 1): Promise<void> {
    const writer = await Writer.begin(database);
    await writer.write(account, events);
    await writer.end('COMMIT');
  }

  /** Whole pages from a position on, as `account sequence`. */
  async function read(from = 0, limit = 3): Promise<readonly (readonly [AccountId, number])[]> {
    const seen: (readonly [AccountId, number])[] = [];
    for (let position = from; ;) {
      const page = await log.after(position, limit);
      seen.push(...page.map(({ event }) => [event.accountId as AccountId, event.sequence] as const));
      expect(page.map((logged) => logged.position)).toEqual(page.map((_, index) => position + index + 1));
      if (page.length < limit) return seen;
      position = page.at(-1)?.position as number;
    }
  }

  it('gives what was written positions without a gap, a write’s events behind each other', async () => {
    const [one, two] = [await account(), await account()];
    await written(one, 2);
    await written(two, 3);
    await written(one, 1);
    expect(await publisher().publish()).toBe(6);
    expect(await read()).toEqual([
      [one, 1],
      [one, 2],
      [two, 1],
      [two, 2],
      [two, 3],
      [one, 3],
    ]);
    expect(await publisher().publish()).toBe(0);
    expect(await log.end()).toBe(6);
  });

  it('is not held up for long by a process that stands still in a publication', async () => {
    await written(await account());
    const patience = { wait: 20_000, idle: 50 };
    const runner = dataSource.createQueryRunner();
    const query = runner.query.bind(runner);
    let isLocked = (): void => undefined;
    const locked = new Promise<void>((resolve) => (isLocked = resolve));
    let wake = (): void => undefined;
    const frozen = new Promise<void>((resolve) => (wake = resolve));
    runner.query = (async (...values: Parameters<typeof query>) => {
      const rows = await query(...values);
      if (!values[0].includes('FOR UPDATE')) return rows;
      isLocked();
      await frozen;
      return rows;
    }) as typeof runner.query;
    const frozenSource = { query: dataSource.query.bind(dataSource), createQueryRunner: () => runner };
    const stopped = new EventPublisher(frozenSource as DataSource, undefined, 9, patience).publish();
    await locked;
    expect(await new EventPublisher(dataSource, undefined, 9, patience).publish()).toBe(1);
    wake();
    await expect(stopped).rejects.toThrow();
    expect(await log.end()).toBe(1);
  });

  it('does not wait for ever for another publication', async () => {
    await written(await account());
    const other = await Writer.begin(database);
    await other.lockLog();
    const impatient = new EventPublisher(dataSource, undefined, 9, { wait: 20, idle: 5_000 });
    await expect(impatient.publish()).rejects.toMatchObject({ driverError: { code: '55P03' } });
    await other.end('ROLLBACK');
    expect(await impatient.publish()).toBe(1);
  });

  it('tells a reader what a transaction wrote that began before and commits after others', async () => {
    const [one, two] = [await account(), await account()];
    const late = await Writer.begin(database);
    await late.write(one);
    await written(two);
    await publisher().publish();
    expect(await read()).toEqual([[two, 1]]);
    await written(two);
    await publisher().publish();
    const position = await log.end();
    await late.end('COMMIT');
    await publisher().publish();
    expect(await read(position)).toEqual([[one, 1]]);
  });

  it('is held up by no transaction that writes something else, however long', async () => {
    const one = await account();
    const long = await Writer.begin(database);
    await long.write(await account());
    await written(one);
    await publisher().publish();
    expect(await read()).toEqual([[one, 1]]);
    await long.end('ROLLBACK');
    await publisher().publish();
    expect(await read()).toEqual([[one, 1]]);
  });

  it('does not publish an event before the one in front of it in its account', async () => {
    const one = await account();
    await written(one);
    await written(one);
    // As on a database whose nodes show rows of two transactions in another order than that of their commits.
    const taken = `DELETE FROM unpublished_events u WHERE u.first_sequence = 1`;
    await dataSource.query(taken);
    expect(await publisher().publish()).toBe(0);
    await dataSource.query(
      `INSERT INTO unpublished_events (account_id, first_sequence, events) VALUES ($1, 1, 1)`,
      [idToUuid(one)],
    );
    expect(await publisher().publish()).toBe(2);
    expect(await read()).toEqual([
      [one, 1],
      [one, 2],
    ]);
  });

  it('is not held up by older rows that cannot be published, however many', async () => {
    const stuck = [await account(), await account(), await account()];
    for (const each of stuck) for (let write = 0; write < 2; write += 1) await written(each);
    await dataSource.query('DELETE FROM unpublished_events u WHERE u.first_sequence = 1');
    const [one, two] = [await account(), await account()];
    for (const each of [one, two, one]) await written(each);
    expect(await publisher(2).publish()).toBe(3);
    expect(await read()).toEqual([
      [one, 1],
      [two, 1],
      [one, 2],
    ]);
    expect(await publisher(2).publish()).toBe(0);
  });

  it('takes off a row about events that have their position', async () => {
    const one = await account();
    await written(one, 2);
    await publisher().publish();
    await dataSource.query(
      `INSERT INTO unpublished_events (account_id, first_sequence, events) VALUES ($1, 1, 2)`,
      [idToUuid(one)],
    );
    expect(await publisher().publish()).toBe(0);
    expect(await dataSource.query('SELECT FROM unpublished_events')).toEqual([]);
    expect(await read()).toHaveLength(2);
  });

  it('keeps an account’s order where the clock of the database was set back', async () => {
    const one = await account();
    await written(one);
    await written(one);
    await database.asOwner(
      `UPDATE unpublished_events SET written_at = '2020-01-01' WHERE first_sequence = 2`,
    );
    expect(await publisher(1).publish()).toBe(2);
    expect((await read()).map(([, sequence]) => sequence)).toEqual([1, 2]);
  });

  it('publishes each event once where several processes do it at once, with writers beside them', async () => {
    const accounts = await Promise.all(Array.from({ length: 4 }, account));
    const writers = await Promise.all(accounts.map(() => Writer.begin(database)));
    await Promise.all(writers.map((writer, index) => writer.write(accounts[index] as AccountId, index + 1)));
    const publishing = Array.from({ length: 3 }, async () => {
      for (let round = 0; round < 5; round += 1) await publisher(2).publish();
    });
    for (const writer of writers.reverse()) await writer.end('COMMIT');
    await Promise.all(publishing);
    await publisher().publish();
    const seen = await read();
    expect(seen).toHaveLength(10);
    expect(new Set(seen.map(([account, sequence]) => `${account} ${sequence}`)).size).toBe(10);
  });

  it('reads of a programme or of some types what there is of them, wherever a page ends', async () => {
    const one = await account();
    await written(one, 4);
    await publisher().publish();
    const none = await log.after(0, 3, { types: ['other.happened'] });
    expect(none).toEqual([]);
    const programmeId = uuidToId('prg', PROGRAMME);
    const page = await log.after(1, 2, { programmeId, types: ['thing.happened'] });
    expect(page.map(({ position }) => position)).toEqual([2, 3]);
    expect(await log.after(0, 9, { programmeId: ids.next('prg') })).toEqual([]);
  });
});
