import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import {
  idToUuid,
  isId,
  uuidToId,
  type AccountId,
  type MemberId,
  type ProgrammeId,
} from '../../kernel/ids.js';
import type { PublicEvent } from '../../kernel/public-event.js';
import type { Row } from '../database/row.js';
import { DATA_SOURCE } from '../tokens.js';

/** A place in the log: the writing transaction and the event. */
export interface EventCursor {
  readonly xid: string;
  readonly eventId: string;
}

/** Before the first event. */
export const LOG_START: EventCursor = { xid: '0', eventId: '00000000-0000-0000-0000-000000000000' };

/**
 * Transactions commit in another order than they begin, so an id alone is no cursor: one that commits late
 * would be passed over. Only events below the oldest running transaction are read, in (xid, id) order; whatever
 * commits later has a higher xid than all of those.
 */
const AFTER = `SELECT e.account_id, e.sequence::text AS sequence, e.event_id, e.programme_id, e.member_id, e.type,
    e.version, e.occurred_at::text AS occurred, e.recorded_at::text AS recorded, e.data::text AS data_text, e.actor,
    e.xid::text AS xid_text
  FROM events e
  WHERE (e.xid, e.event_id) > ($1::xid8, $2::uuid) AND e.xid < pg_snapshot_xmin(pg_current_snapshot())
    AND ($3::uuid IS NULL OR e.programme_id = $3) AND ($4::text[] IS NULL OR e.type = ANY($4))
  ORDER BY e.xid, e.event_id LIMIT $5`;

/** An account's events about a member, newest first; in a household there are few others. */
const OF_MEMBER = `SELECT e.account_id, e.sequence::text AS sequence, e.event_id, e.programme_id, e.member_id, e.type,
    e.version, e.occurred_at::text AS occurred, e.recorded_at::text AS recorded, e.data::text AS data_text, e.actor
  FROM events e
  WHERE e.account_id = $1 AND e.member_id = $2 AND ($3::bigint IS NULL OR e.sequence < $3)
    AND ($4::text[] IS NULL OR e.type = ANY($4))
  ORDER BY e.sequence DESC LIMIT $5`;

@Injectable()
export class EventLogQuery {
  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  /** Events after a cursor in the order of the log; of one programme, or of all. */
  async after(
    cursor: EventCursor,
    limit: number,
    filter: { readonly programmeId?: ProgrammeId; readonly types?: readonly string[] } = {},
  ): Promise<readonly { readonly event: PublicEvent; readonly cursor: EventCursor }[]> {
    const programme = filter.programmeId === undefined ? null : idToUuid(filter.programmeId);
    const values = [cursor.xid, cursor.eventId, programme, filter.types ?? null, limit];
    const rows = await this.dataSource.query<Row[]>(AFTER, values);
    return rows.map((row) => ({
      event: readEvent(row),
      cursor: { xid: row['xid_text'] as string, eventId: row['event_id'] as string },
    }));
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

/** What many listeners never look at, the payload above all, is read when somebody does. */
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

/** A cursor as callers hold it. */
export function formatCursor({ xid, eventId }: EventCursor): string {
  return `${xid}.${uuidToId('evt', eventId)}`;
}

/** Reads a caller's cursor; null for anything that is none. */
export function parseCursor(text: string): EventCursor | null {
  const [xid = '', id = ''] = text.split('.');
  return /^\d{1,19}$/.test(xid) && isId('evt', id) ? { xid, eventId: idToUuid(id) } : null;
}
