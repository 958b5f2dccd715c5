import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { EMPTY, exhaustMap, from, interval, merge, throttleTime, type Subscription } from 'rxjs';
import type { DataSource } from 'typeorm';
import { DATA_SOURCE } from '../tokens.js';
import { CommitSignal } from './commit-signal.js';
import { EventCursorStore } from './event-cursor.store.js';
import { EventLogQuery } from './event-log.query.js';
import { EventPublisher } from './event-publisher.store.js';
import { LeaderLock } from '../jobs/leader-lock.store.js';
import type { Listener } from './listener.js';

/** How often the log is looked at when nothing in this process says that something was written. */
export const POLL_MS = 500;
/** The least time between two looks at the log: what a busy engine commits meanwhile is read in one go. */
const PACE_MS = 20;
/** Events handed over between two notes of the cursor: what a killed process may hand over twice. */
export const RELAY_BATCH = 500;

/** How long a listener may take over one event unless it says otherwise. */
const HANDLE_LIMIT_MS = 30_000;
/** A listener that failed is left alone so long, twice as long each time, up to the longest. */
const BACK_OFF_MS = { first: POLL_MS, longest: 60_000 };
/** How long a shutdown waits for events under way; they are handed over again. */
const STOP_LIMIT_MS = 5_000;

/** A listener with what is under way for it. */
interface Served {
  readonly listener: Listener;
  /** Null while nothing is handed over. */
  underWay: Promise<void> | null;
  failures: number;
  /** Not before this instant of the process's clock. */
  notBefore: number;
}

/**
 * Brings committed events from the log to the listeners, each at its own pace: one that takes long, hangs or fails
 * holds no other up. One process leads at a time.
 */
@Injectable()
export class Relay implements OnApplicationBootstrap {
  private readonly logger = new Logger(Relay.name);
  private readonly served: Served[] = [];
  private readonly leaderLock: LeaderLock;
  private subscription: Subscription | null = null;
  private looking: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    @Inject(DATA_SOURCE) dataSource: DataSource,
    private readonly log: EventLogQuery,
    private readonly publisher: EventPublisher,
    private readonly cursors: EventCursorStore,
    private readonly signal: CommitSignal,
  ) {
    this.leaderLock = new LeaderLock(dataSource, 'event relay');
  }

  /** Adds a listener; it begins where it stood, or with the first event ever. */
  listen(listener: Listener): void {
    if (this.served.some(({ listener: { name } }) => name === listener.name))
      throw new Error(`two listeners ${listener.name}`);
    this.served.push({ listener, underWay: null, failures: 0, notBefore: 0 });
  }

  onApplicationBootstrap(): void {
    this.subscription = merge(interval(POLL_MS), this.signal.commits)
      .pipe(
        throttleTime(PACE_MS, undefined, { leading: true, trailing: true }),
        exhaustMap(() => (this.stopped ? EMPTY : from((this.looking = this.look())))),
      )
      .subscribe();
  }

  /** Finishes the events under way, as far as they take no longer than `withinMs`, and gives up the lead. */
  async stop(withinMs = STOP_LIMIT_MS): Promise<void> {
    this.stopped = true;
    this.subscription?.unsubscribe();
    const underWay = this.looking.then(() => Promise.all(this.served.map(async ({ underWay }) => underWay)));
    await within(withinMs, underWay, 'the shutdown').catch((error: unknown) =>
      this.logger.warn(`events under way are handed over again: ${String(error)}`),
    );
    await this.leaderLock.release();
  }

  /** Starts the listeners that are not served yet. */
  private async look(): Promise<void> {
    if (this.served.length === 0 || !(await this.leaderLock.hold())) return;
    await this.publisher.publish();
    const now = performance.now();
    for (const served of this.served) {
      if (served.underWay || served.notBefore > now) continue;
      served.underWay = this.serve(served).finally(() => (served.underWay = null));
    }
  }

  /** Hands over a batch. What was handled is noted even when a later event fails. @returns the new place. */
  private async deliver(
    listener: Listener,
    batch: Awaited<ReturnType<EventLogQuery['after']>>,
    from: number,
  ): Promise<number> {
    let position = from;
    try {
      for (const item of batch) {
        if (this.stopped) break;
        await within(listener.limitMs ?? HANDLE_LIMIT_MS, listener.handle(item.event), 'an event');
        position = item.position;
      }
    } finally {
      if (position !== from) await this.cursors.write(listener.name, position);
    }
    return position;
  }

  /** Hands over until the log is exhausted or the listener fails. */
  private async serve(served: Served): Promise<void> {
    const { listener } = served;
    try {
      let cursor = await this.cursors.read(listener.name);
      for (;;) {
        const batch = await this.log.after(
          cursor,
          RELAY_BATCH,
          listener.types ? { types: listener.types } : {},
        );
        cursor = await this.deliver(listener, batch, cursor);
        if (batch.length > 0) served.failures = 0;
        if (this.stopped || batch.length < RELAY_BATCH) return;
      }
    } catch (error) {
      const pause = Math.min(BACK_OFF_MS.longest, BACK_OFF_MS.first * 2 ** served.failures);
      served.failures += 1;
      served.notBefore = performance.now() + pause;
      this.logger.warn(
        `listener ${listener.name} failed and will be tried again in ${pause} ms: ${String(error)}`,
      );
    }
  }
}

/** @throws Error when it takes longer; the work goes on, and its result is dropped. */
async function within<T>(limitMs: number, work: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Error(`${what} took longer than ${limitMs} ms`)), limitMs).unref();
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
