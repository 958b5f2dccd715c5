import type { DataSource, QueryRunner } from 'typeorm';

/**
 * One process at a time does what must not be done twice at once. Holds a session-level advisory lock on a
 * connection of its own: when the process or its connection dies, PostgreSQL gives the lock to the next.
 */
export class Leadership {
  private runner: QueryRunner | null = null;

  constructor(
    private readonly dataSource: DataSource,
    /** Names the office. */
    private readonly key: string,
  ) {}

  /** Whether this process leads now; tries to become the leader when nobody does. */
  async hold(): Promise<boolean> {
    try {
      if (this.runner) {
        await this.runner.query('SELECT 1');
        return true;
      }
      const runner = this.dataSource.createQueryRunner();
      const rows = (await runner.query('SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS won', [
        `laurel ${this.key}`,
      ])) as { won: boolean }[];
      if (!rows[0]?.won) {
        await runner.release();
        return false;
      }
      this.runner = runner;
      return true;
    } catch {
      // A broken connection has lost the lock; the next call starts afresh.
      await this.release();
      return false;
    }
  }

  async release(): Promise<void> {
    const runner = this.runner;
    this.runner = null;
    await runner?.query('SELECT pg_advisory_unlock_all()').catch(() => undefined);
    await runner?.release().catch(() => undefined);
  }
}
