import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { EMPTY, exhaustMap, from, interval, merge, throttleTime, type Subscription } from 'rxjs';
import type { DataSource } from 'typeorm';
import { DATA_SOURCE } from '../tokens.js';
import { CommitSignal } from './commit-signal.js';
import { EventCursorStore } from './event-cursor.store.js';
import { EventLogQuery, type EventCursor } from './event-log.query.js';
import { Leadership } from './leadership.store.js';
import type { Listener } from './listener.js';

/** How often the log is looked at when nothing in this process says that something was written. */
export const POLL_MS = 500;
/** The least time between two looks at the log: what a busy engine commits meanwhile is read in one go. */
const PACE_MS = 20;
/** Events handed over between two notes of the cursor: what a killed process may hand over twice. */
export const RELAY_BATCH = 500;

/** Brings committed events from the log to the listeners, each at its own pace. One process leads at a time. */
@Injectable()
export class Relay implements OnApplicationBootstrap {
  private readonly logger = new Logger(Relay.name);
  private readonly listeners: Listener[] = [];
  private readonly leadership: Leadership;
  private subscription: Subscription | null = null;
  private draining: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    @Inject(DATA_SOURCE) dataSource: DataSource,
    private readonly log: EventLogQuery,
    private readonly cursors: EventCursorStore,
    private readonly signal: CommitSignal,
  ) {
    this.leadership = new Leadership(dataSource, 'event relay');
  }

  /** Adds a listener; it begins where it stood, or with the first event ever. */
  listen(listener: Listener): void {
    if (this.listeners.some(({ name }) => name === listener.name))
      throw new Error(`two listeners ${listener.name}`);
    this.listeners.push(listener);
  }

  onApplicationBootstrap(): void {
    this.subscription = merge(interval(POLL_MS), this.signal.commits)
      .pipe(
        throttleTime(PACE_MS, undefined, { leading: true, trailing: true }),
        exhaustMap(() => (this.stopped ? EMPTY : from((this.draining = this.drain())))),
      )
      .subscribe();
  }

  /** Finishes the batches under way and gives up the lead. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.subscription?.unsubscribe();
    await this.draining;
    await this.leadership.release();
  }

  private async drain(): Promise<void> {
    if (this.listeners.length === 0 || !(await this.leadership.hold())) return;
    await Promise.all(this.listeners.map((listener) => this.serve(listener)));
  }

  /** Hands over a batch. What was handled is noted even when a later event fails. @returns the new place. */
  private async deliver(
    listener: Listener,
    batch: Awaited<ReturnType<EventLogQuery['after']>>,
    from: EventCursor,
  ): Promise<EventCursor> {
    let cursor = from;
    try {
      for (const item of batch) {
        if (this.stopped) break;
        await listener.handle(item.event);
        cursor = item.cursor;
      }
    } finally {
      if (cursor !== from) await this.cursors.write(listener.name, cursor);
    }
    return cursor;
  }

  /** Hands over until the log is exhausted or the listener fails. */
  private async serve(listener: Listener): Promise<void> {
    try {
      let cursor = await this.cursors.read(listener.name);
      for (;;) {
        const batch = await this.log.after(
          cursor,
          RELAY_BATCH,
          listener.types ? { types: listener.types } : {},
        );
        cursor = await this.deliver(listener, batch, cursor);
        if (this.stopped || batch.length < RELAY_BATCH) return;
      }
    } catch (error) {
      this.logger.warn(`listener ${listener.name} failed and will be tried again: ${String(error)}`);
    }
  }
}
