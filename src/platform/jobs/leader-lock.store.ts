import type { DataSource, QueryRunner } from 'typeorm';

/** How long the connection with the locks may be silent before the server ends it. The process speaks more often. */
const SILENCE_LIMIT_MS = 30_000;

/**
 * Of all processes on a database one at a time holds the lock of a name, and does what must not be done twice at
 * once. It is a session-level advisory lock: when the process or its connection dies, PostgreSQL gives it to the next.
 * A process that stands still without dying, such as one in a paused machine, loses it after `SILENCE_LIMIT_MS`.
 */
export class LeaderLock {
  private readonly locks: SharedLocks;

  constructor(
    dataSource: DataSource,
    /** Names the lock, among all processes on the database. */
    private readonly key: string,
    silenceLimitMs = SILENCE_LIMIT_MS,
  ) {
    this.locks = SharedLocks.of(dataSource, silenceLimitMs);
  }

  /**
   * Takes the lock if it is free. A process that has it asks again to learn whether it still does.
   * @returns whether this process has the lock now; false, too, where the database does not answer.
   */
  hold(): Promise<boolean> {
    return this.locks.hold(this.key);
  }

  /** Gives the lock up; does nothing without it. */
  release(): Promise<void> {
    return this.locks.release(this.key);
  }
}

const SPEAKS_PER_LIMIT = 5;

/**
 * The locks of a process, all on one connection: one for each would leave the smallest pool none to work with, and a
 * process that holds one lock and waits for a connection for another keeps one from the others.
 */
class SharedLocks {
  private static readonly known = new WeakMap<DataSource, SharedLocks>();

  private runner: QueryRunner | null = null;
  private readonly held = new Set<string>();
  /** Statements on the connection run one after the other. */
  private last: Promise<unknown> = Promise.resolve();

  private timer: NodeJS.Timeout | null = null;

  private constructor(
    private readonly dataSource: DataSource,
    private readonly silenceLimitMs: number,
  ) {}

  /** @param silenceLimitMs of the first lock holds for all. */
  static of(dataSource: DataSource, silenceLimitMs: number): SharedLocks {
    const known = SharedLocks.known.get(dataSource) ?? new SharedLocks(dataSource, silenceLimitMs);
    SharedLocks.known.set(dataSource, known);
    return known;
  }

  hold(key: string): Promise<boolean> {
    return this.inTurn(async () => {
      try {
        return await this.take(key);
      } catch {
        // A broken connection has lost the locks; the next call starts afresh.
        await this.close();
        return false;
      }
    });
  }

  release(key: string): Promise<void> {
    return this.inTurn(async () => {
      if (!this.held.delete(key)) return;
      const unlock = 'SELECT pg_advisory_unlock(hashtextextended($1, 0))';
      await this.runner?.query(unlock, [`laurel ${key}`]).catch(() => this.close());
      if (this.held.size === 0) await this.close();
    });
  }

  private async take(key: string): Promise<boolean> {
    const runner = (this.runner ??= await this.open());
    if (this.held.has(key)) {
      await runner.query('SELECT 1');
      return true;
    }
    const rows = (await runner.query('SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS won', [
      `laurel ${key}`,
    ])) as { won: boolean }[];
    if (rows[0]?.won) this.held.add(key);
    else if (this.held.size === 0) await this.close();
    return this.held.has(key);
  }

  private async open(): Promise<QueryRunner> {
    const runner = this.dataSource.createQueryRunner();
    try {
      await runner.query(`SELECT set_config('idle_session_timeout', $1, false)`, [
        `${this.silenceLimitMs}ms`,
      ]);
    } catch (error) {
      await runner.release().catch(() => undefined);
      throw error;
    }
    this.timer = setInterval(() => void this.speak(), this.silenceLimitMs / SPEAKS_PER_LIMIT).unref();
    return runner;
  }

  /** A broken connection is noticed by the next `hold`. */
  private speak(): Promise<unknown> {
    return this.inTurn(() => this.runner?.query('SELECT 1') ?? Promise.resolve()).catch(() => undefined);
  }

  private async close(): Promise<void> {
    const runner = this.runner;
    this.runner = null;
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
    this.held.clear();
    await runner?.query('RESET idle_session_timeout; SELECT pg_advisory_unlock_all()').catch(() => undefined);
    await runner?.release().catch(() => undefined);
  }

  private inTurn<T>(act: () => Promise<T>): Promise<T> {
    const done = this.last.then(act);
    this.last = done.catch(() => undefined);
    return done;
  }
}
