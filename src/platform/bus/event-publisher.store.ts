import type pg from 'pg';
import type { DataSource, QueryRunner } from 'typeorm';

/** Rows of `unpublished_events` that one transaction publishes, each of them one account's events of one write. */
export const PUBLICATION_LIMIT = 5_000;

/** What one transaction published. */
export interface Publication {
  /** Events that got a position. */
  readonly events: number;
  /** How long the oldest of them had waited, by the database's clock. */
  readonly waitedMs: number;
}

/** What one statement did: events published, rows seen and taken off, milliseconds that the oldest had waited. */
interface Published {
  readonly events: number;
  readonly seen: number;
  readonly taken: number;
  readonly waited: number;
  /** The last row seen; null where none was. */
  readonly place: Place | null;
}

/** A row's place among those that wait. */
interface Place {
  /** As PostgreSQL writes it, to the microsecond. */
  readonly writtenAt: string;
  /** A UUID. */
  readonly account: string;
  readonly sequence: number;
}

/** Before every row. */
const FIRST_PLACE: Place = {
  writtenAt: '-infinity',
  account: '00000000-0000-0000-0000-000000000000',
  sequence: 0,
};

const ANY_WAITING = 'SELECT EXISTS (SELECT FROM unpublished_events) AS waiting';

/**
 * How long a publication waits for another one, which takes milliseconds; and how long one may stand still, as in a
 * process that is frozen, before the server ends it.
 */
const PUBLICATION_PATIENCE_MS = { wait: 2_000, idle: 5_000 };

/**
 * The lock of the one publisher: the order of positions is the order of commits, and a reader of a position can read
 * all before it. A statement of its own, so that the next statement sees what was committed while this one waited.
 */
const LOCK = `SELECT l.position FROM (SELECT set_config('lock_timeout', $1, true),
    set_config('idle_in_transaction_session_timeout', $2, true) OFFSET 0) AS s,
  event_log l WHERE l.log_id = 1 FOR UPDATE OF l`;

/**
 * Gives the waiting events the next positions. Of an account they must go on from its last published one (`due` is
 * the sequence that comes next); what does not waits, so that an account's events are never out of order however
 * its rows become visible. What has a position already is only taken off. Accounts come in the order in which they
 * were written, by the database's clock; `turn` keeps an account's own order where that clock was set back.
 */
const PUBLISH = `WITH waiting AS MATERIALIZED (
    SELECT u.account_id, u.first_sequence, u.events, u.written_at FROM unpublished_events u
    WHERE (u.written_at, u.account_id, u.first_sequence) > ($3::timestamptz, $4::uuid, $5::bigint)
    ORDER BY u.written_at, u.account_id, u.first_sequence LIMIT $1),
  published AS MATERIALIZED (
    SELECT w.account_id, coalesce((SELECT p.first_sequence + p.events - 1 FROM event_positions p
      WHERE p.account_id = w.account_id ORDER BY p.first_sequence DESC LIMIT 1), 0) AS sequence
    FROM (SELECT DISTINCT x.account_id FROM waiting x) w),
  placed AS MATERIALIZED (
    SELECT w.*, max(w.written_at) OVER account AS turn,
      d.sequence + 1 + sum(w.events) OVER account - w.events AS due
    FROM waiting w JOIN published d ON d.account_id = w.account_id WHERE w.first_sequence > d.sequence
    WINDOW account AS (PARTITION BY w.account_id ORDER BY w.first_sequence ROWS UNBOUNDED PRECEDING)),
  numbered AS MATERIALIZED (
    SELECT l.*, sum(l.events) OVER (ORDER BY l.turn, l.account_id, l.first_sequence) AS place
    FROM placed l WHERE l.first_sequence = l.due),
  added AS (
    INSERT INTO event_positions (account_id, first_sequence, events, position)
    SELECT n.account_id, n.first_sequence, n.events, $2::bigint + n.place FROM numbered n ORDER BY n.place
    RETURNING events),
  gone AS (
    DELETE FROM unpublished_events u
    USING (SELECT n.account_id, n.first_sequence FROM numbered n
      UNION ALL SELECT w.account_id, w.first_sequence FROM waiting w
        JOIN published d ON d.account_id = w.account_id WHERE w.first_sequence <= d.sequence) n
    WHERE u.account_id = n.account_id AND u.first_sequence = n.first_sequence
    RETURNING u.account_id),
  moved AS (
    UPDATE event_log l SET position = l.position + (SELECT sum(a.events) FROM added a)
    WHERE l.log_id = 1 AND EXISTS (SELECT FROM added)
    RETURNING l.position)
  SELECT coalesce((SELECT sum(a.events) FROM added a), 0)::int AS events,
    (SELECT count(*) FROM waiting)::int AS seen,
    (SELECT count(*) FROM gone)::int AS taken,
    (SELECT json_build_object('writtenAt', w.written_at::text, 'account', w.account_id, 'sequence', w.first_sequence)
      FROM waiting w ORDER BY w.written_at DESC, w.account_id DESC, w.first_sequence DESC LIMIT 1) AS place,
    coalesce((SELECT extract(epoch FROM clock_timestamp() - min(n.written_at)) * 1000 FROM numbered n), 0)::float8
      AS waited`;

/**
 * The row with the log's last position is missing, and the next position must not be guessed. `verify` reports what
 * it was.
 */
export class LogEndLostError extends Error {
  constructor() {
    super('the event log has lost its row in event_log');
  }
}

/**
 * Publishes committed events: gives them positions without a gap, in an order that never changes (ADR 0021). Readers
 * read by position. Any process may do it at any time; the lock of one row keeps two from doing it at once.
 */
export class EventPublisher {
  constructor(
    private readonly dataSource: DataSource,
    private readonly onPublished: (publication: Publication) => void = () => undefined,
    private readonly limit = PUBLICATION_LIMIT,
    private readonly patienceMs = PUBLICATION_PATIENCE_MS,
  ) {}

  /** Publishes everything that was committed before the call, and perhaps more. @returns how many events. */
  async publish(): Promise<number> {
    let events = 0;
    let leftBefore = Infinity;
    while (await this.isAnyWaiting()) {
      const pass = await this.pass();
      events += pass.events;
      // A row that was left may go on from one that came later in the pass.
      if (pass.events === 0 || pass.left === 0 || pass.left >= leftBefore) break;
      leftBefore = pass.left;
    }
    return events;
  }

  /**
   * Goes through what waits, the oldest first. Rows that cannot be published are passed over, so that they hold up
   * nothing but the events of their own accounts, however many they are. @returns how many rows were left.
   */
  private async pass(): Promise<{ readonly events: number; readonly left: number }> {
    let [events, left] = [0, 0];
    for (let place: Place | null = FIRST_PLACE; place;) {
      const round: Published = await this.round(place);
      events += round.events;
      left += round.seen - round.taken;
      place = round.seen < this.limit ? null : round.place;
    }
    return { events, left };
  }

  private async isAnyWaiting(): Promise<boolean> {
    const [row] = await this.dataSource.query<{ waiting: boolean }[]>(ANY_WAITING);
    return row?.waiting === true;
  }

  /** One transaction. It is waited for until it is on the disk: a position that was read is never given again. */
  private async round(after: Place): Promise<Published> {
    const { wait, idle } = this.patienceMs;
    const runner = this.dataSource.createQueryRunner();
    try {
      await runner.startTransaction('READ COMMITTED');
      const [log] = (await runner.query(LOCK, [`${wait}ms`, `${idle}ms`])) as { position: string }[];
      if (!log) throw new LogEndLostError();
      const published = await publishNext(runner, after, this.limit, log.position);
      await runner.commitTransaction();
      const { events, waited } = published;
      if (events > 0) this.onPublished({ events, waitedMs: waited });
      return published;
    } catch (error) {
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      throw error;
    } finally {
      await runner.release();
    }
  }
}

/** Named, so that PostgreSQL plans it once a connection: planning takes as long as publishing a few dozen rows. */
async function publishNext(
  runner: QueryRunner,
  { writtenAt, account, sequence }: Place,
  limit: number,
  end: string,
): Promise<Published> {
  const client = (await runner.connect()) as Pick<pg.ClientBase, 'query'>;
  const values = [limit, end, writtenAt, account, sequence];
  const { rows } = await client.query<Published>({ name: 'publish-events', text: PUBLISH, values });
  return rows[0] ?? { events: 0, seen: 0, taken: 0, waited: 0, place: null };
}
