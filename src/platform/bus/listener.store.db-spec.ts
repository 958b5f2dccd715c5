import type { DataSource } from 'typeorm';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.js';
import type { PublicEvent } from '../../kernel/public-event.js';
import { createDataSource } from '../database/data-source.js';
import { UuidV7Source } from '../ids/uuid-v7-source.js';
import { ListenerStore, PlaceMoved, RETRIES_PER_LOOK } from './listener.store.js';

const clock = { now: () => Date.parse('2026-02-01T00:00:00Z') };
const ids = new UuidV7Source(clock);
const logged = (position: number) => ({
  event: { id: ids.next('evt'), programmeId: ids.next('prg') } as PublicEvent,
  position,
});

describe('ListenerStore', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let store: ListenerStore;

  beforeEach(async () => {
    database = await createTestDatabase();
    dataSource = await createDataSource(database.applicationUrl, { poolSize: 2 }).initialize();
    store = new ListenerStore(dataSource, clock);
  });
  afterEach(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const place = () => store.open({ name: 'mailer', handle: () => Promise.resolve() }, 0);
  const letters = (consumer: string, count: number) =>
    database.asOwner(
      `INSERT INTO dead_letters (consumer, position, event_id, programme_id, attempts, error, failed_at, retry_at)
       SELECT $1, n, gen_random_uuid(), gen_random_uuid(), 1, 'no', now(), now() FROM generate_series(1, $2::int) n`,
      [consumer, count],
    );

  it('moves a place forwards only: a process that stood still changes nothing by what it had in hand', async () => {
    await place();
    await store.advance('mailer', 10);
    await expect(store.advance('mailer', 9)).rejects.toThrow(PlaceMoved);
    await expect(store.failed('mailer', { position: 9, attempts: 3 }, 'late')).rejects.toThrow(PlaceMoved);
    await expect(store.bury('mailer', logged(10), 3, 'late')).rejects.toThrow(PlaceMoved);
    expect(await place()).toEqual({ position: 10, attempts: 0 });
    expect(await dataSource.query('SELECT FROM dead_letters')).toEqual([]);
    await store.failed('mailer', { position: 10, attempts: 3 }, 'now');
    expect(await place()).toEqual({ position: 10, attempts: 3 });
    await store.bury('mailer', logged(11), 4, 'now');
    expect(await place()).toEqual({ position: 11, attempts: 0 });
    expect(await dataSource.query('SELECT FROM dead_letters')).toHaveLength(1);
  });

  it('makes no place for a listener that was forgotten', async () => {
    await expect(store.advance('mailer', 9)).rejects.toThrow(PlaceMoved);
    await expect(store.bury('mailer', logged(9), 1, 'no')).rejects.toThrow(PlaceMoved);
    expect(await dataSource.query('SELECT FROM dead_letters')).toEqual([]);
  });

  it('finds some of many dead letters of each listener that is there', async () => {
    await letters('mailer', RETRIES_PER_LOOK + 50);
    await letters('metrics', 2);
    await letters('gone', 2);
    const { retries } = await store.look(['mailer', 'metrics']);
    const of = (name: string) => retries.filter(({ consumer }) => consumer === name).length;
    expect([of('mailer'), of('metrics'), of('gone')]).toEqual([RETRIES_PER_LOOK, 2, 0]);
    expect(await store.isWanted('metrics', 2)).toBe(true);
    expect(await store.isWanted('metrics', 3)).toBe(false);
  });
});
