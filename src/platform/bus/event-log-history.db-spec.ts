import { DataSource } from 'typeorm';
import { EventPositions1764000000400 } from '../../../migrations/1764000000400-event-positions.js';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.js';
import { idToUuid, uuidToId } from '../../kernel/ids.js';
import { UuidV7Source } from '../ids/uuid-v7-source.js';
import { parseCursor, type LegacyCursor } from './event-cursor.js';
import { EventLogQuery } from './event-log.query.js';
import { EventPublisher } from './event-publisher.store.js';

const ids = new UuidV7Source({ now: () => Date.parse('2026-02-01T00:00:00Z') });
const [ONE, TWO] = [ids.next('acc'), ids.next('acc')].map(idToUuid) as [string, string];
const PROGRAMME = idToUuid(ids.next('prg'));
const migration = new EventPositions1764000000400();

/** An event as it was written before there were positions. */
interface Earlier {
  readonly account: string;
  readonly sequence: number;
  readonly xid: string;
  readonly eventUuid: string;
}

const earlier = (account: string, sequence: number, xid: number | string): Earlier => ({
  account,
  sequence,
  xid: String(xid),
  eventUuid: idToUuid(ids.next('evt')),
});

describe('a log that was written before events had positions', () => {
  let database: TestDatabase;
  let owner: DataSource;
  let log: EventLogQuery;

  beforeEach(async () => {
    database = await createTestDatabase();
    owner = await new DataSource({ type: 'postgres', url: database.ownerUrl }).initialize();
    log = new EventLogQuery(owner);
    await owner.query(
      `INSERT INTO accounts (account_id, programme_id, head_member_id, version, event_seq)
       SELECT x, $2, x, 0, 0 FROM unnest($1::uuid[]) AS x`,
      [[ONE, TWO], PROGRAMME],
    );
  });
  afterEach(async () => {
    await owner.destroy();
    await database.drop();
  });

  /** The database as it was before, with these events and listeners, then as it is after the migration. */
  async function migrated(events: readonly Earlier[], listeners: readonly Earlier[] = []): Promise<void> {
    const runner = owner.createQueryRunner();
    await migration.down(runner);
    await runner.query(
      `INSERT INTO events (account_id, sequence, event_id, programme_id, type, version, occurred_at, recorded_at, data, xid)
       SELECT x.account, x.sequence, x."eventUuid", $2, 'thing.happened', 1, now(), now(), '{}', x.xid::xid8
       FROM json_to_recordset($1) AS x(account uuid, sequence bigint, "eventUuid" uuid, xid text)`,
      [JSON.stringify(events), PROGRAMME],
    );
    for (const { eventUuid, xid } of listeners) {
      await runner.query(
        `INSERT INTO event_cursors (consumer, xid, event_id, updated_at) VALUES ($1, $2, $3, now())`,
        [`listener of ${eventUuid}`, xid, eventUuid],
      );
    }
    await runner.startTransaction();
    await migration.up(runner);
    await runner.commitTransaction();
    await runner.release();
  }

  const read = async (from = 0) =>
    (await log.after(from, 10_000)).map(({ event }) => [
      idToUuid(event.accountId as 'acc_1'),
      event.sequence,
    ]);
  const places = (events: readonly Earlier[]) => events.map(({ account, sequence }) => [account, sequence]);

  it('is read in the order of before, and in that of the account where the two differ', async () => {
    const first = earlier(ONE, 1, 12);
    const other = earlier(TWO, 1, 11);
    // Its transaction was older and waited for the account.
    const waited = earlier(ONE, 2, 10);
    const last = earlier(TWO, 2, 13);
    await migrated([first, other, waited, last]);
    expect(await read()).toEqual(places([other, first, waited, last]));
    expect(await log.end()).toBe(4);
  });

  it('has the events that a restored dump hid, whose transaction ids the new server never gave', async () => {
    const restored = [earlier(ONE, 1, '900000000000'), earlier(TWO, 1, '900000000001')];
    await migrated(restored);
    expect(await read()).toEqual(places(restored));
  });

  it('goes on from a cursor of before without a loss, and repeats a few events at most', async () => {
    const events = Array.from({ length: 600 }, (_, index) =>
      earlier(index % 2 ? TWO : ONE, (index >> 1) + 1, 100 + index),
    );
    await migrated(events);
    for (const index of [0, 254, 255, 256, 400, 599]) {
      const { xid, eventUuid } = events[index] as Earlier;
      const cursor = parseCursor(`${xid}.${uuidToId('evt', eventUuid)}`) as LegacyCursor;
      const rest = await read(await log.positionOf(cursor));
      expect(rest.slice(-(599 - index) || rest.length)).toEqual(places(events.slice(index + 1)));
      expect(rest.length - (599 - index)).toBeLessThan(257);
    }
  });

  it('passes no event over for any cursor of before, wherever transactions waited', async () => {
    // Every hundredth of one account took its id long before.
    const events = Array.from({ length: 800 }, (_, index) =>
      index % 2
        ? earlier(TWO, (index >> 1) + 1, 1000 + index)
        : earlier(ONE, (index >> 1) + 1, index % 100 ? 1000 + index : 900 + index),
    );
    await migrated(events);
    const order = [...events].sort(
      (a, b) => Number(a.xid) - Number(b.xid) || (a.eventUuid < b.eventUuid ? -1 : 1),
    );
    for (let index = 0; index < order.length; index += 37) {
      const { xid, eventUuid } = order[index] as Earlier;
      const rest = new Set((await read(await log.positionOf({ xid, eventUuid }))).map(String));
      expect(places(order.slice(index + 1)).filter((place) => !rest.has(String(place)))).toEqual([]);
    }
  });

  it('keeps the place of each listener', async () => {
    const events = [earlier(ONE, 1, 10), earlier(TWO, 1, 11), earlier(ONE, 2, 12)];
    await migrated(events, events);
    const cursors = await owner.query<{ position: string }[]>(
      'SELECT c.position FROM event_cursors c ORDER BY 1',
    );
    expect(cursors.map(({ position }) => Number(position))).toEqual([1, 2, 3]);
  });

  it('goes on in another cluster from rows alone, with the cursors that were handed out', async () => {
    const events = [earlier(ONE, 1, 10), earlier(TWO, 1, 11)];
    await migrated(events);
    const other = await createTestDatabase();
    const copy = await new DataSource({ type: 'postgres', url: other.ownerUrl }).initialize();
    try {
      await copy.query('DELETE FROM event_log');
      for (const table of ['accounts', 'events', 'event_positions', 'event_log', 'unpublished_events']) {
        const rows = await owner.query<object[]>(`SELECT to_jsonb(t) AS row FROM ${table} t`);
        const body = JSON.stringify(rows.map((entry) => (entry as { row: unknown }).row));
        await copy.query(`INSERT INTO ${table} SELECT * FROM jsonb_populate_recordset(NULL::${table}, $1)`, [
          body,
        ]);
      }
      await copy.query(
        `INSERT INTO events (account_id, sequence, event_id, programme_id, type, version, occurred_at, recorded_at, data)
         VALUES ($1, 2, gen_random_uuid(), $2, 'thing.happened', 1, now(), now(), '{}')`,
        [ONE, PROGRAMME],
      );
      await copy.query('INSERT INTO unpublished_events VALUES ($1, 2, 1)', [ONE]);
      await new EventPublisher(copy).publish();
      const rest = await new EventLogQuery(copy).after(1, 10);
      expect(rest.map(({ event, position }) => [position, event.sequence])).toEqual([
        [2, 1],
        [3, 2],
      ]);
    } finally {
      await copy.destroy();
      await other.drop();
    }
  });
});
