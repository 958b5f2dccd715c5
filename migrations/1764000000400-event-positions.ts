import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE } from './1764000000001-application-role.js';

/** Of the cursors of before one in so many is kept with its position. */
const LEGACY_CURSOR_EVERY = 256;

/**
 * The event log has an order of its own instead of that of transaction ids (ADR 0021). Each write leaves a row about
 * its events in `unpublished_events`; publication takes these rows and gives their events positions without a gap.
 * Events of before keep their order, but where it was not that of their account's sequence.
 */
export class EventPositions1764000000400 implements MigrationInterface {
  name = 'EventPositions1764000000400';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query(GRANTS);
    await runner.query(ORDER_OF_BEFORE);
    await runner.query(`INSERT INTO event_positions (account_id, first_sequence, events, position)
      SELECT o.account_id, min(o.sequence), count(*), max(o.position) FROM event_order o
      GROUP BY o.account_id, o.position - o.sequence ORDER BY max(o.position)`);
    await runner.query('INSERT INTO event_log (log_id, position) SELECT 1, count(*) FROM event_order');
    await runner.query(LEGACY_CURSORS);
    await runner.query(`ALTER TABLE event_cursors ADD COLUMN position bigint NOT NULL DEFAULT 0`);
    await runner.query(CURSORS_OF_LISTENERS);
    await runner.query('ALTER TABLE event_cursors DROP COLUMN xid, DROP COLUMN event_id');
    // Its index goes with it.
    await runner.query('ALTER TABLE events DROP COLUMN xid');
    await runner.query('DROP TABLE event_order');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE events ADD COLUMN xid xid8 NOT NULL DEFAULT pg_current_xact_id()`);
    await runner.query('CREATE INDEX events_order ON events (xid, event_id)');
    await runner.query(`ALTER TABLE event_cursors DROP COLUMN position, ADD COLUMN xid xid8 NOT NULL DEFAULT '0',
      ADD COLUMN event_id uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000'`);
    await runner.query('DROP TABLE unpublished_events, event_positions, event_log, legacy_cursors');
  }
}

const TABLES = `
  -- Events that are committed and have no position yet: so many of an account from a sequence on.
  CREATE TABLE unpublished_events (
    account_id uuid NOT NULL,
    first_sequence bigint NOT NULL,
    events int NOT NULL CHECK (events > 0),
    written_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (account_id, first_sequence)
  ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
  -- So many events of an account have the positions that end with this one.
  CREATE TABLE event_positions (
    account_id uuid NOT NULL,
    first_sequence bigint NOT NULL,
    events int NOT NULL CHECK (events > 0),
    position bigint NOT NULL CHECK (position >= events),
    PRIMARY KEY (account_id, first_sequence)
  );
  CREATE INDEX event_positions_order ON event_positions (position);
  -- The last position. Its row lock lets one transaction at a time publish.
  CREATE TABLE event_log (
    log_id int PRIMARY KEY CHECK (log_id = 1),
    position bigint NOT NULL CHECK (position >= 0)
  );
  -- Cursors as they were handed out before there were positions.
  CREATE TABLE legacy_cursors (
    xid bigint NOT NULL,
    event_id uuid NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (xid, event_id)
  )`;

const GRANTS = `
  GRANT SELECT, INSERT, DELETE ON unpublished_events TO ${APPLICATION_ROLE};
  GRANT SELECT, INSERT ON event_positions TO ${APPLICATION_ROLE};
  GRANT SELECT, UPDATE ON event_log TO ${APPLICATION_ROLE};
  GRANT SELECT ON legacy_cursors TO ${APPLICATION_ROLE}`;

/**
 * `rank` is the order of before. A transaction that took its id first and waited for the account wrote later ones of
 * the account's events: no event comes before an earlier one of its account, so each has the `latest` rank until then.
 */
const ORDER_OF_BEFORE = `CREATE TEMPORARY TABLE event_order AS
  SELECT l.*, row_number() OVER (ORDER BY l.latest, l.sequence) AS position
  FROM (SELECT r.*, max(r.rank) OVER (PARTITION BY r.account_id ORDER BY r.sequence) AS latest
    FROM (SELECT e.account_id, e.sequence, e.xid, e.event_id, row_number() OVER (ORDER BY e.xid, e.event_id) AS rank
      FROM events e) r) l`;

/** Events whose rank is not above a cursor's are exactly those whose `latest` is not, where the two are the same. */
const LEGACY_CURSORS = `INSERT INTO legacy_cursors (xid, event_id, position)
  SELECT o.xid::text::bigint, o.event_id, o.last FROM (
    SELECT x.*, max(x.position) OVER (PARTITION BY x.latest) AS last FROM event_order x) o
  WHERE o.rank = o.latest AND o.rank % ${LEGACY_CURSOR_EVERY} = 0`;

const CURSORS_OF_LISTENERS = `UPDATE event_cursors c SET position = coalesce((
    SELECT max(o.position) FROM event_order o WHERE o.latest <= (
      SELECT max(r.rank) FROM event_order r WHERE (r.xid, r.event_id) <= (c.xid, c.event_id))), 0)`;
