/** How long the lines of all streams together may hold one turn of the event loop, in milliseconds. */
export const BULK_TURN_MS = 4;

/**
 * Shares the event loop between the lines of streams and everything else. Reading and checking a line is work of the
 * processor, and a stream whose lines are all there would go on without a break; single receipts would wait for it.
 * One instance for all streams of a process: they take turns.
 */
export class BulkTurns {
  private readonly waiting: (() => void)[] = [];
  /** When the lines of this turn began; null before the first. */
  private began: number | null = null;

  /** @param now a monotonic clock in milliseconds. */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Resolves at once within the share of this turn, else in a later turn of the event loop. */
  async next(): Promise<void> {
    if (this.began === null) {
      this.began = this.now();
      setImmediate(() => this.turn());
    }
    if (this.now() - this.began < BULK_TURN_MS) return;
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  /** A new turn begins: the stream that waited longest goes on. */
  private turn(): void {
    const first = this.waiting.shift();
    this.began = null;
    if (!first) return;
    this.began = this.now();
    setImmediate(() => this.turn());
    first();
  }
}
