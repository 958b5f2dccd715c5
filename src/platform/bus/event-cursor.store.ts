import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { Clock } from '../../kernel/time.js';
import { CLOCK, DATA_SOURCE } from '../tokens.js';
import { LOG_START } from './event-cursor.js';

/** How far each listener has come. */
@Injectable()
export class EventCursorStore {
  constructor(
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @returns the position of the last event that the listener has handled. */
  async read(consumer: string): Promise<number> {
    const [row] = await this.dataSource.query<{ position: string }[]>(
      'SELECT c.position FROM event_cursors c WHERE c.consumer = $1',
      [consumer],
    );
    return row ? Number(row.position) : LOG_START;
  }

  /**
   * Records the place of a listener. The commit is not waited for: a place that a crash loses makes events come
   * again, which listeners expect, and the disk serves writes that must last.
   */
  async write(consumer: string, position: number): Promise<void> {
    await this.dataSource.query(
      `INSERT INTO event_cursors (consumer, position, updated_at)
       SELECT $1, $2::bigint, $3::timestamptz FROM (SELECT set_config('synchronous_commit', 'off', true)) AS s
       ON CONFLICT (consumer) DO UPDATE SET position = excluded.position, updated_at = excluded.updated_at`,
      [consumer, position, new Date(this.clock.now())],
    );
  }
}
