import type { PublicEvent } from '../../kernel/public-event.js';
import { HANDLE_LIMIT_MS, type Listener } from './listener.js';

/** The signal that a handler got was aborted because the listener is removed or the process shuts down. */
export class HandlingEnded extends Error {}

/**
 * Hands events to one listener, one after the other, each for no longer than its limit. A timer and a signal last for
 * many events: most take microseconds.
 */
export class BoundedHandler {
  private readonly limitMs: number;
  private control = new AbortController();
  private timer: NodeJS.Timeout | null = null;
  /** Ends the wait for the event under way; null between events. */
  private fail: ((error: Error) => void) | null = null;
  private began = 0;

  constructor(private readonly listener: Listener) {
    this.limitMs = listener.limitMs ?? HANDLE_LIMIT_MS;
  }

  /**
   * @throws whatever the listener throws; an Error when it takes longer than its limit; HandlingEnded. What was begun
   *   may go on after the last two, if it does not heed its signal, and nothing waits for it.
   */
  async handle(event: PublicEvent): Promise<void> {
    try {
      await new Promise<void>((done, fail) => {
        this.fail = fail;
        this.began = performance.now();
        this.timer ??= setTimeout(() => this.check(), this.limitMs).unref();
        this.listener.handle(event, this.control.signal).then(done, fail);
      });
    } finally {
      this.fail = null;
    }
  }

  /** Ends the event under way. */
  end(): void {
    this.abort(new HandlingEnded(`listener ${this.listener.name} is not handed anything any more`));
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }

  private check(): void {
    this.timer = null;
    if (!this.fail) return;
    const left = this.began + this.limitMs - performance.now();
    if (left > 0) this.timer = setTimeout(() => this.check(), left).unref();
    else this.abort(new Error(`an event took longer than ${this.limitMs} ms`));
  }

  private abort(error: Error): void {
    this.control.abort(error);
    this.control = new AbortController();
    this.fail?.(error);
  }
}
