import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { idToUuid, uuidToId, type AccountId, type MemberId, type ProgrammeId } from '../../kernel/ids.js';
import type { PublicEvent } from '../../kernel/public-event.js';
import type { Row } from '../database/row.js';
import { DATA_SOURCE } from '../tokens.js';
import { LOG_START, type LegacyCursor } from './event-cursor.js';

/** Which events a reader wants; absent for all. */
export interface EventFilter {
  readonly programmeId?: ProgrammeId;
  readonly types?: readonly string[];
}

/** An event with its place in the log. */
export interface LoggedEvent {
  readonly event: PublicEvent;
  readonly position: number;
}

const COLUMNS = `e.account_id, e.sequence::text AS sequence, e.event_id, e.programme_id, e.member_id, e.type,
    e.version, e.occurred_at::text AS occurred, e.recorded_at::text AS recorded, e.data::text AS data_text, e.actor`;

/**
 * In the order of positions, and within a write's events in that of their sequence: the events of a write are looked
 * up by their account, once for all of them.
 */
const AFTER = `SELECT p.position - p.events + 1 + e.number - p.first_sequence AS log_position, e.*
  FROM event_positions p
  CROSS JOIN LATERAL (
    SELECT ${COLUMNS}, e.sequence AS number FROM events e
    WHERE e.account_id = p.account_id AND e.sequence >= p.first_sequence AND e.sequence < p.first_sequence + p.events
      AND ($2::uuid IS NULL OR e.programme_id = $2) AND ($3::text[] IS NULL OR e.type = ANY($3))
    ORDER BY e.sequence OFFSET 0) e
  WHERE p.position > $1 AND p.position - p.events + 1 + e.number - p.first_sequence > $1
  ORDER BY p.position, e.number LIMIT $4`;

const END = 'SELECT l.position FROM event_log l WHERE l.log_id = 1';

/** The last stored cursor of the former kind that is not above the given one. */
const LEGACY = `SELECT c.position FROM legacy_cursors c WHERE (c.xid, c.event_id) <= ($1::bigint, $2::uuid)
  ORDER BY c.xid DESC, c.event_id DESC LIMIT 1`;

/** An account's events about a member, newest first; in a household there are few others. */
const OF_MEMBER = `SELECT ${COLUMNS}
  FROM events e
  WHERE e.account_id = $1 AND e.member_id = $2 AND ($3::bigint IS NULL OR e.sequence < $3)
    AND ($4::text[] IS NULL OR e.type = ANY($4))
  ORDER BY e.sequence DESC LIMIT $5`;

@Injectable()
export class EventLogQuery {
  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  /** Published events after a position in the order of the log; of one programme, or of all. */
  async after(position: number, limit: number, filter: EventFilter = {}): Promise<readonly LoggedEvent[]> {
    const programme = filter.programmeId === undefined ? null : idToUuid(filter.programmeId);
    const values = [position, programme, filter.types ?? null, limit];
    const rows = await this.dataSource.query<Row[]>(AFTER, values);
    return rows.map((row) => ({ event: readEvent(row), position: Number(row['log_position']) }));
  }

  /** The position of the last published event; 0 before the first. */
  async end(): Promise<number> {
    const [row] = await this.dataSource.query<Row[]>(END);
    return Number(row?.['position'] ?? LOG_START);
  }

  /**
   * The position from which a cursor of before goes on. It may be some events back, which then come again, and is
   * never ahead: one cursor in so many was kept.
   */
  async positionOf({ xid, eventUuid }: LegacyCursor): Promise<number> {
    const [row] = await this.dataSource.query<Row[]>(LEGACY, [xid, eventUuid]);
    return Number(row?.['position'] ?? LOG_START);
  }

  /** Of an account, what is about a member, newest first; `before` is a number of the account's events. */
  async ofMember(
    accountId: AccountId,
    memberId: MemberId,
    page: {
      readonly before: string | null;
      readonly types: readonly string[] | null;
      readonly limit: number;
    },
  ): Promise<readonly PublicEvent[]> {
    const values = [idToUuid(accountId), idToUuid(memberId), page.before, page.types, page.limit];
    return (await this.dataSource.query<Row[]>(OF_MEMBER, values)).map(readEvent);
  }
}

/** Parts that many listeners never read, the payload above all, are read on first use. */
function readEvent(row: Row): PublicEvent {
  const member = row['member_id'] as string | null;
  return {
    id: uuidToId('evt', row['event_id'] as string),
    type: row['type'] as string,
    version: row['version'] as number,
    get programmeId() {
      return uuidToId('prg', row['programme_id'] as string);
    },
    get accountId() {
      return uuidToId('acc', row['account_id'] as string);
    },
    get memberId() {
      return member === null ? null : uuidToId('mbr', member);
    },
    sequence: Number(row['sequence']),
    get occurredAt() {
      return new Date(row['occurred'] as string).toISOString();
    },
    get recordedAt() {
      return new Date(row['recorded'] as string).toISOString();
    },
    actor: row['actor'] as string | null,
    get data() {
      return JSON.parse(row['data_text'] as string) as Record<string, unknown>;
    },
  };
}
