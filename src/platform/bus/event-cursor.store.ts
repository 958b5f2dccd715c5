import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { Clock } from '../../kernel/time.js';
import { CLOCK, DATA_SOURCE } from '../tokens.js';
import { LOG_START, type EventCursor } from './event-log.query.js';

/** How far each listener has come. */
@Injectable()
export class EventCursorStore {
  constructor(
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async read(consumer: string): Promise<EventCursor> {
    const [row] = await this.dataSource.query<{ xid: string; event_id: string }[]>(
      'SELECT c.xid::text AS xid, c.event_id FROM event_cursors c WHERE c.consumer = $1',
      [consumer],
    );
    return row ? { xid: row.xid, eventId: row.event_id } : LOG_START;
  }

  /**
   * Notes how far a listener has come. The commit is not waited for: a place that a crash loses makes events come
   * again, which listeners expect, and the disk is left to those who need their answer to last.
   */
  async write(consumer: string, { xid, eventId }: EventCursor): Promise<void> {
    await this.dataSource.query(
      `INSERT INTO event_cursors (consumer, xid, event_id, updated_at)
       SELECT $1, $2::xid8, $3::uuid, $4::timestamptz FROM (SELECT set_config('synchronous_commit', 'off', true)) AS s
       ON CONFLICT (consumer) DO UPDATE
       SET xid = excluded.xid, event_id = excluded.event_id, updated_at = excluded.updated_at`,
      [consumer, xid, eventId, new Date(this.clock.now())],
    );
  }
}
