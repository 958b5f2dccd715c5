import type { Clock } from '../../src/kernel/time.js';

/** A clock that stands still until a story moves it. */
export class MovingClock implements Clock {
  constructor(private at: number = Date.now()) {}

  now(): number {
    return this.at;
  }

  /** @param text RFC 3339 */
  set(text: string): void {
    this.at = Date.parse(text);
  }

  advance({ days = 0, hours = 0, minutes = 0, seconds = 0 }): void {
    this.at += ((days * 24 + hours) * 60 + minutes) * 60_000 + seconds * 1000;
  }
}
