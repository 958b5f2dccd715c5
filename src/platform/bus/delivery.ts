import { Logger } from '@nestjs/common';
import { BoundedHandler, HandlingEnded } from './bounded-handler.js';
import type { EventFilter, EventLogQuery, LoggedEvent } from './event-log.query.js';
import { PlaceMoved, type ListenerPlace, type ListenerStore } from './listener.store.js';
import { DEFAULT_ATTEMPTS, type Listener } from './listener.js';
import { retryPauseMs } from './retry-pause.js';

/** Events handed over between two notes of the place: what a killed process may hand over twice. */
export const RELAY_BATCH = 500;

/** What a delivery works with. */
export interface DeliveryParts {
  readonly log: Pick<EventLogQuery, 'after'>;
  readonly store: ListenerStore;
  /** From 0 up to, but not including, 1. */
  readonly random: () => number;
  /** Told of each failure, and whether the event was put aside. */
  readonly onFailure: (listener: string, isBuried: boolean) => void;
}

/** Brings the events of the log to one listener, at its own pace. */
export class Delivery {
  private readonly logger = new Logger(Delivery.name);
  private readonly handler: BoundedHandler;
  private readonly filter: EventFilter;
  private underWay: Promise<void> | null = null;
  /** Null until it was read, and where another process may have moved it. */
  private place: ListenerPlace | null = null;
  /** Not before this instant of the process's clock, after a failure. */
  private notBefore = 0;
  private isEnding = false;
  /** Whether this process has the lead, as far as it knows. */
  private isLed = false;

  constructor(
    readonly listener: Listener,
    private readonly parts: DeliveryParts,
  ) {
    const { types, programmeId } = listener;
    this.handler = new BoundedHandler(listener);
    this.filter = { ...(types ? { types } : {}), ...(programmeId ? { programmeId } : {}) };
  }

  /** Where the listener is, as far as this process knows. */
  get position(): number | null {
    return this.place?.position ?? null;
  }

  /** Hands over what there is up to the log's end, unless something is under way or a failure was just now. */
  begin(end: number, retries: readonly number[]): void {
    this.isLed = true;
    if (this.underWay || this.isEnding || this.notBefore > performance.now()) return;
    if (retries.length === 0 && this.place !== null && this.place.position >= end) return;
    this.underWay = this.run(end, retries).finally(() => (this.underWay = null));
  }

  /** Another process leads and moves the place: after the event under way no other is handed over here. */
  forgetPlace(): void {
    this.isLed = false;
    if (!this.underWay) this.place = null;
  }

  /** Begins with no further event. @returns when the one under way has been handled. */
  finish(): Promise<void> {
    this.isEnding = true;
    return this.underWay ?? Promise.resolve();
  }

  /** Aborts the event under way; it is handed over again. */
  abort(): void {
    this.isEnding = true;
    this.handler.end();
  }

  private get goesOn(): boolean {
    return this.isLed && !this.isEnding;
  }

  private async run(end: number, retries: readonly number[]): Promise<void> {
    const { name } = this.listener;
    try {
      let place = (this.place ??= await this.parts.store.open(this.listener, end));
      for (const position of retries) if (this.goesOn) await this.retry(position);
      while (place.position < end && this.goesOn) {
        const batch = await this.parts.log.after(place.position, RELAY_BATCH, this.filter);
        const isLast = batch.length < RELAY_BATCH;
        const through = await this.handOver(batch, place);
        if (!through) return;
        // What the filter left out up to the end is passed as well.
        place = isLast && this.goesOn ? { ...through, position: Math.max(through.position, end) } : through;
        this.place = place;
        await this.parts.store.advance(name, place.position);
      }
    } catch (error) {
      // The database does not answer, or the like: nothing that is the event's.
      this.place = null;
      if (error instanceof PlaceMoved) return;
      this.pause(1);
      this.logger.warn(`listener ${name} was not served: ${String(error)}`);
    }
  }

  /** @returns how far it came; null where an event failed, is noted and waits. */
  private async handOver(batch: readonly LoggedEvent[], from: ListenerPlace): Promise<ListenerPlace | null> {
    let place = from;
    for (const logged of batch) {
      if (!this.goesOn) return place;
      const error = await this.attempt(logged);
      if (error instanceof HandlingEnded) return place;
      if (error !== null) {
        const failed = { ...place, attempts: place.attempts + 1 };
        if (!(await this.failed(logged, failed, error))) return null;
      }
      place = { position: logged.position, attempts: 0 };
    }
    return place;
  }

  /** @returns whether the event was put aside, so that the next one can be handed over. */
  private async failed(logged: LoggedEvent, place: ListenerPlace, error: Error): Promise<boolean> {
    const { name, attempts = DEFAULT_ATTEMPTS } = this.listener;
    const isBuried = place.attempts >= attempts;
    this.parts.onFailure(name, isBuried);
    if (isBuried) {
      await this.parts.store.bury(name, logged, place.attempts, String(error));
      this.logger.error(
        `listener ${name} failed ${place.attempts} times at ${logged.event.id}, which is put aside: ${String(error)}`,
      );
      return true;
    }
    this.place = place;
    await this.parts.store.failed(name, place, String(error));
    const pauseMs = this.pause(place.attempts);
    this.logger.warn(
      `listener ${name} failed at ${logged.event.id}, again in ${pauseMs} ms: ${String(error)}`,
    );
    return false;
  }

  /** Hands a dead letter over once more. */
  private async retry(position: number): Promise<void> {
    const { name } = this.listener;
    if (!(await this.parts.store.isWanted(name, position))) return;
    const [logged] = await this.parts.log.after(position - 1, 1);
    const isThere = logged?.position === position;
    const error = isThere ? await this.attempt(logged) : new Error('the event is not in the log');
    if (error instanceof HandlingEnded) return;
    if (error === null) return this.parts.store.handled(name, position);
    this.parts.onFailure(name, false);
    await this.parts.store.failedAgain(name, position, String(error));
  }

  private async attempt({ event }: LoggedEvent): Promise<Error | null> {
    try {
      await this.handler.handle(event);
      return null;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  private pause(attempts: number): number {
    const pauseMs = retryPauseMs(attempts, this.parts.random());
    this.notBefore = performance.now() + pauseMs;
    return pauseMs;
  }
}
