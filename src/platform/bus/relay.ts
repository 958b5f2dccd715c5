import { Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { EMPTY, exhaustMap, from, interval, merge, throttle, timer, type Subscription } from 'rxjs';
import type { LeaderLock } from '../jobs/leader-lock.store.js';
import type { CommitSignal } from './commit-signal.js';
import { Delivery, type DeliveryParts } from './delivery.js';
import type { EventPublisher } from './event-publisher.store.js';
import { requireListenerName, type Listener } from './listener.js';
import { within } from './within.js';

/** How often the log is looked at when nothing in this process says that something was written. */
export const POLL_MS = 500;
/**
 * The time between two looks at the log, in which a busy engine commits what the next one publishes in one go. It
 * grows with what a look takes: so many times as long, between these limits.
 */
const PACE = { shortestMs: 50, longestMs: 250, perLook: 20 };
/** How long a shutdown, or the removal of a listener, waits for events under way; they are handed over again. */
const STOP_LIMIT_MS = 5_000;

/** What a relay works with. */
export interface RelayParts extends DeliveryParts {
  readonly publisher: Pick<EventPublisher, 'publish'>;
  readonly signal: Pick<CommitSignal, 'commits'>;
  /** Of all processes the one that has it hands events over. */
  readonly leader: Pick<LeaderLock, 'hold' | 'release'>;
  /** Whether this process hands events over; without, listeners are known and wait for a process that does. */
  readonly background: boolean;
}

/**
 * Brings committed events from the log to the listeners, each at its own pace: one that takes long, hangs or fails
 * holds no other up. One process leads at a time and serves its own listeners, so each process has the same ones.
 */
export class Relay implements OnApplicationBootstrap {
  private readonly logger = new Logger(Relay.name);
  private readonly deliveries = new Map<string, Delivery>();
  /** Listeners that were taken away and are not done with their last event. */
  private readonly leaving = new Map<string, Promise<void>>();
  private subscription: Subscription | null = null;
  private looking: Promise<void> = Promise.resolve();
  private end = 0;
  private paceMs = PACE.shortestMs;
  private stopped = false;

  constructor(private readonly parts: RelayParts) {}

  /** Whether this process hands events over. */
  get background(): boolean {
    return this.parts.background;
  }

  /**
   * Adds a listener, at any time. It begins where it stood, or where it says.
   * @returns takes the listener away again and keeps its place; resolves when nothing is under way for it, at the
   *   latest after five seconds.
   * @throws Error for a second listener of a name, and for what is no name.
   */
  listen(listener: Listener): () => Promise<void> {
    requireListenerName(listener.name);
    if (this.deliveries.has(listener.name)) throw new Error(`two listeners ${listener.name}`);
    const delivery = new Delivery(listener, this.parts);
    this.deliveries.set(listener.name, delivery);
    return async () => {
      if (this.deliveries.get(listener.name) === delivery) {
        this.deliveries.delete(listener.name);
        this.leave(listener.name, delivery);
      }
      await this.ended([delivery], STOP_LIMIT_MS);
    };
  }

  /** Removes what is kept under a listener's name: its place, and its dead letters. It must not be listening. */
  async forget(name: string): Promise<void> {
    if (this.deliveries.has(name)) throw new Error(`listener ${name} is still there`);
    await this.leaving.get(name);
    await this.parts.store.forget(name);
  }

  /** Events of the log that each listener has not come to, by name; of those that this process serves. */
  lags(): ReadonlyMap<string, number> {
    const known = [...this.deliveries].flatMap(([name, { position }]) =>
      position === null ? [] : ([[name, Math.max(0, this.end - position)]] as const),
    );
    return new Map(known);
  }

  onApplicationBootstrap(): void {
    if (!this.parts.background) return;
    this.subscription = merge(interval(POLL_MS), this.parts.signal.commits)
      .pipe(
        throttle(() => timer(this.paceMs), { leading: true, trailing: true }),
        exhaustMap(() => (this.stopped ? EMPTY : from((this.looking = this.timedLook())))),
      )
      .subscribe();
  }

  /** Finishes the events under way, as far as they take no longer than `withinMs`, and gives up the lead. */
  async stop(withinMs = STOP_LIMIT_MS): Promise<void> {
    this.stopped = true;
    this.subscription?.unsubscribe();
    const began = performance.now();
    await within(withinMs, this.looking, 'the shutdown').catch(() => undefined);
    await this.ended([...this.deliveries.values()], withinMs - (performance.now() - began));
    await this.parts.leader.release();
  }

  private async timedLook(): Promise<void> {
    const began = performance.now();
    await this.look();
    const pace = (performance.now() - began) * PACE.perLook;
    this.paceMs = Math.min(PACE.longestMs, Math.max(PACE.shortestMs, pace));
  }

  /** Starts the listeners that are not served yet. */
  private async look(): Promise<void> {
    if (this.deliveries.size === 0) return;
    if (!(await this.parts.leader.hold())) {
      for (const delivery of this.deliveries.values()) delivery.forgetPlace();
      return;
    }
    try {
      await this.parts.publisher.publish();
      const { end, retries } = await this.parts.store.look([...this.deliveries.keys()]);
      this.end = end;
      for (const [name, delivery] of this.deliveries) {
        // One that comes again under its name begins when the one before it has noted its place.
        if (this.leaving.has(name)) continue;
        const own = retries.filter(({ consumer }) => consumer === name);
        delivery.begin(
          end,
          own.map(({ position }) => position),
        );
      }
    } catch (error) {
      this.logger.warn(`the event log was not read and will be looked at again: ${String(error)}`);
    }
  }

  private leave(name: string, delivery: Delivery): void {
    const before = this.leaving.get(name);
    const left = Promise.all([before, delivery.finish()]).then(() => {
      if (this.leaving.get(name) === left) this.leaving.delete(name);
    });
    this.leaving.set(name, left);
  }

  private async ended(deliveries: readonly Delivery[], withinMs: number): Promise<void> {
    const finished = Promise.all(deliveries.map((delivery) => delivery.finish()));
    try {
      await within(Math.max(0, withinMs), finished, 'an event under way');
    } catch (error) {
      this.logger.warn(`events under way are handed over again: ${String(error)}`);
      for (const delivery of deliveries) delivery.abort();
    }
  }
}
