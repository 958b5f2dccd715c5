/** Bulk commands that go together while tills send: a batch of each of two shards. */
export const BURST = 32;
/** After a burst bulk work rests for so many times as long as the slowest command of it took. */
export const RESTS = 3;
/** The longest rest, in milliseconds: a database that stood still for a while is no reason for longer ones. */
export const LONGEST_REST_MS = 1_000;
/** For so long after a single command another one is expected, in milliseconds. */
export const TILLS_EXPECTED_MS = 500;

/**
 * How fast bulk commands may begin, in one process. While no till sends, as fast as there is room. While tills send, in
 * bursts with rests between them: the next till finds the processors and the database free most of the time, where it
 * would otherwise wait for whatever work there is. A rest is three times as long as the burst took, so bulk work takes a
 * quarter of the time however fast the machine is, and it lasts up to twice as long while a single command is under
 * way. What a burst took is the time of its slowest command: lines that come slowly are little work, however long they
 * come. Instants are milliseconds of a monotonic clock.
 */
export class BulkPace {
  private singles = 0;
  private lastSingleAt = -Infinity;
  private open = 0;
  /** Bulk commands that began since the last rest. */
  private inBurst = 0;
  private slowestMs = 0;
  private restedAt = -Infinity;
  private restMs = 0;

  singleBegins(now: number): void {
    this.singles += 1;
    this.lastSingleAt = now;
  }

  singleEnds(now: number): void {
    this.singles -= 1;
    this.lastSingleAt = now;
  }

  bulkBegins(): void {
    this.open += 1;
    this.inBurst += 1;
  }

  /** @param beganAt of the command that ends. */
  bulkEnds(now: number, beganAt: number): void {
    this.open -= 1;
    this.slowestMs = Math.max(this.slowestMs, now - beganAt);
    if (this.open > 0) return;
    this.restMs = Math.min(LONGEST_REST_MS, RESTS * this.slowestMs);
    this.restedAt = now;
    this.slowestMs = 0;
    this.inBurst = 0;
  }

  /**
   * How long the next bulk command has to wait, in milliseconds: 0 for not at all, Infinity for until one that is under
   * way ends.
   */
  wait(now: number): number {
    if (this.singles === 0 && now - this.lastSingleAt > TILLS_EXPECTED_MS) return 0;
    if (this.inBurst >= BURST) return Infinity;
    if (this.inBurst > 0) return 0;
    const rest = this.singles > 0 ? 2 * this.restMs : this.restMs;
    return Math.max(0, this.restedAt + rest - now);
  }
}
