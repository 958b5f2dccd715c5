import type { DataSource, QueryRunner } from 'typeorm';

/**
 * One process at a time does what must not be done twice at once. Holds a session-level advisory lock: when the
 * process or its connection dies, PostgreSQL gives the lock to the next.
 */
export class Leadership {
  private readonly offices: Offices;

  constructor(
    dataSource: DataSource,
    /** Names the office. */
    private readonly key: string,
  ) {
    this.offices = Offices.of(dataSource);
  }

  /** Whether this process leads now; tries to become the leader when nobody does. */
  hold(): Promise<boolean> {
    return this.offices.hold(this.key);
  }

  release(): Promise<void> {
    return this.offices.release(this.key);
  }
}

/**
 * The offices of a process, all on one connection: one for each would leave the smallest pool none to work with, and
 * whoever holds an office and waits for a connection keeps one from the others.
 */
class Offices {
  private static readonly known = new WeakMap<DataSource, Offices>();

  private runner: QueryRunner | null = null;
  private readonly held = new Set<string>();
  /** What is done with the connection is done one after the other. */
  private last: Promise<unknown> = Promise.resolve();

  private constructor(private readonly dataSource: DataSource) {}

  static of(dataSource: DataSource): Offices {
    const known = Offices.known.get(dataSource) ?? new Offices(dataSource);
    Offices.known.set(dataSource, known);
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
    const runner = (this.runner ??= this.dataSource.createQueryRunner());
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

  private async close(): Promise<void> {
    const runner = this.runner;
    this.runner = null;
    this.held.clear();
    await runner?.query('SELECT pg_advisory_unlock_all()').catch(() => undefined);
    await runner?.release().catch(() => undefined);
  }

  private inTurn<T>(act: () => Promise<T>): Promise<T> {
    const done = this.last.then(act);
    this.last = done.catch(() => undefined);
    return done;
  }
}
