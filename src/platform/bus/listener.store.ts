import type { DataSource } from 'typeorm';
import { idToUuid, type ProgrammeId } from '../../kernel/ids.js';
import { formatInstant, type Clock } from '../../kernel/time.js';
import type { Row } from '../database/row.js';
import { LOG_START } from './event-cursor.js';
import type { LoggedEvent } from './event-log.query.js';
import type { Listener } from './listener.js';

/** How far a listener has come. */
export interface ListenerPlace {
  /** Of the last event that it has handled, or that was put aside. */
  readonly position: number;
  /** How often the event after it has failed. */
  readonly attempts: number;
}

/** Of each listener so many dead letters are handed over again at one look. */
export const RETRIES_PER_LOOK = 100;

/** What a look at the log finds. */
export interface LogLook {
  /** The position of the last published event. */
  readonly end: number;
  /** Dead letters that are to be handed over again, at most `RETRIES_PER_LOOK` of each listener. */
  readonly retries: readonly { readonly consumer: string; readonly position: number }[];
}

/** A listener as operators see it. */
export interface ListenerView {
  readonly name: string;
  readonly position: number;
  /** Published events that it has not come to. */
  readonly lag: number;
  /** How often the event that comes next has failed. */
  readonly attempts: number;
  readonly lastError: string | null;
  readonly lastErrorAt: string | null;
  /** Events of the programme that it could not handle. */
  readonly deadLetters: number;
  readonly updatedAt: string;
}

/** Characters of an error that are kept. */
export const MAX_ERROR_LENGTH = 1_000;

const LOOK = `SELECT l.position, coalesce((SELECT json_agg(json_build_object('consumer', d.consumer,
    'position', d.position) ORDER BY d.position) FROM unnest($1::text[]) AS c (consumer)
    CROSS JOIN LATERAL (SELECT x.consumer, x.position FROM dead_letters x
      WHERE x.consumer = c.consumer AND x.retry_at IS NOT NULL ORDER BY x.position LIMIT $2) d), '[]') AS retries
  FROM event_log l WHERE l.log_id = 1`;

const OPEN = `INSERT INTO event_cursors AS c (consumer, position, programme_id, updated_at) VALUES ($1, $2, $3, $4)
  ON CONFLICT (consumer) DO UPDATE SET programme_id = excluded.programme_id
  RETURNING c.position, c.attempts`;

/**
 * A place goes forwards only, and an attempt counts only at the place where the listener is: a process that stood still
 * while another one led changes nothing by what it still had in hand.
 */
const ADVANCE = `UPDATE event_cursors c SET position = $2, attempts = 0, updated_at = $3
  FROM (SELECT set_config('synchronous_commit', 'off', true)) AS s WHERE c.consumer = $1 AND c.position <= $2
  RETURNING c.position`;

const FAILED = `UPDATE event_cursors c SET position = $2, attempts = $3, last_error = $4, last_error_at = $5, updated_at = $5
  WHERE c.consumer = $1 AND c.position <= $2 RETURNING c.position`;

const BURY = `WITH moved AS (
    UPDATE event_cursors c SET position = $2, attempts = 0, last_error = $6, last_error_at = $7, updated_at = $7
    WHERE c.consumer = $1 AND c.position < $2 RETURNING c.consumer)
  INSERT INTO dead_letters (consumer, position, event_id, programme_id, attempts, error, failed_at)
  SELECT m.consumer, $2, $3, $4, $5, $6, $7 FROM moved m
  ON CONFLICT (consumer, position) DO NOTHING RETURNING position`;

const WANTED = `SELECT FROM dead_letters d WHERE d.consumer = $1 AND d.position = $2 AND d.retry_at IS NOT NULL`;

const FORGET = `WITH gone AS (DELETE FROM dead_letters d WHERE d.consumer = $1)
  DELETE FROM event_cursors c WHERE c.consumer = $1`;

const VIEWS = `SELECT c.consumer, c.position, l.position - c.position AS lag, c.attempts, c.last_error, c.last_error_at,
    c.updated_at, (SELECT count(*) FROM dead_letters d WHERE d.consumer = c.consumer AND d.programme_id = $1) AS letters
  FROM event_cursors c CROSS JOIN event_log l WHERE c.programme_id IS NULL OR c.programme_id = $1
  ORDER BY c.consumer`;

/** The place of a listener is not where this process left it: another one serves it, or it was forgotten. */
export class PlaceMoved extends Error {}

/** How far each listener has come, and what it could not handle. */
export class ListenerStore {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** @param names of the listeners whose dead letters are wanted. */
  async look(names: readonly string[]): Promise<LogLook> {
    const [row] = await this.dataSource.query<Row[]>(LOOK, [names, RETRIES_PER_LOOK]);
    return {
      end: Number(row?.['position'] ?? LOG_START),
      retries: (row?.['retries'] ?? []) as LogLook['retries'],
    };
  }

  /** Finds a listener's place, or makes one. @param end the log's, where a listener begins that starts now. */
  async open({ name, programmeId, startsAt }: Listener, end: number): Promise<ListenerPlace> {
    const start = startsAt === 'now' ? end : LOG_START;
    const programme = programmeId === undefined ? null : idToUuid(programmeId);
    const [row] = await this.dataSource.query<Row[]>(OPEN, [name, start, programme, this.now()]);
    return { position: Number(row?.['position']), attempts: row?.['attempts'] as number };
  }

  /**
   * Notes how far a listener has come. The commit is not waited for: a place that a crash loses makes events come
   * again, which listeners expect, and the disk is left to those who need their answer to last.
   * @throws PlaceMoved
   */
  async advance(name: string, position: number): Promise<void> {
    await this.move(ADVANCE, [name, position, this.now()]);
  }

  /** Notes that the event after a place failed, and how often it has. @throws PlaceMoved */
  async failed(name: string, { position, attempts }: ListenerPlace, error: string): Promise<void> {
    await this.move(FAILED, [name, position, attempts, cut(error), this.now()]);
  }

  /** Puts an event aside as a dead letter and moves the listener past it. @throws PlaceMoved */
  async bury(name: string, { event, position }: LoggedEvent, attempts: number, error: string): Promise<void> {
    const ids = [idToUuid(event.id), idToUuid(event.programmeId)];
    await this.move(BURY, [name, position, ...ids, attempts, cut(error), this.now()]);
  }

  /** Whether a dead letter still waits to be handed over again: it may have been given up since the look. */
  async isWanted(name: string, position: number): Promise<boolean> {
    return (await this.dataSource.query<Row[]>(WANTED, [name, position])).length > 0;
  }

  /** Takes off a dead letter that was handled at last. */
  async handled(name: string, position: number): Promise<void> {
    await this.dataSource.query('DELETE FROM dead_letters d WHERE d.consumer = $1 AND d.position = $2', [
      name,
      position,
    ]);
  }

  /** Notes that a dead letter failed again. */
  async failedAgain(name: string, position: number, error: string): Promise<void> {
    await this.dataSource.query(
      `UPDATE dead_letters d SET attempts = d.attempts + 1, error = $3, failed_at = $4, retry_at = NULL
       WHERE d.consumer = $1 AND d.position = $2`,
      [name, position, cut(error), this.now()],
    );
  }

  /** Removes a listener's place and its dead letters. */
  async forget(name: string): Promise<void> {
    await this.dataSource.query(FORGET, [name]);
  }

  /** The listeners of a programme, and those of all programmes, by name. */
  async views(programmeId: ProgrammeId): Promise<readonly ListenerView[]> {
    const rows = await this.dataSource.query<Row[]>(VIEWS, [idToUuid(programmeId)]);
    return rows.map((row) => ({
      name: row['consumer'] as string,
      position: Number(row['position']),
      lag: Number(row['lag']),
      attempts: row['attempts'] as number,
      lastError: row['last_error'] as string | null,
      lastErrorAt: instantOf(row['last_error_at'] as Date | null),
      deadLetters: Number(row['letters']),
      updatedAt: formatInstant((row['updated_at'] as Date).getTime()),
    }));
  }

  /** @param values begin with the name. */
  private async move(statement: string, values: readonly unknown[]): Promise<void> {
    const result = await this.dataSource.query<Row[] | [Row[], number]>(statement, [...values]);
    const rows = Array.isArray(result[0]) ? result[0] : result;
    if (rows.length === 0) throw new PlaceMoved(`the place of ${String(values[0])} was moved elsewhere`);
  }

  private now(): Date {
    return new Date(this.clock.now());
  }
}

function instantOf(date: Date | null): string | null {
  return date === null ? null : formatInstant(date.getTime());
}

/** PostgreSQL keeps no zero characters. */
function cut(error: string): string {
  return error.replaceAll('\0', '').slice(0, MAX_ERROR_LENGTH);
}
