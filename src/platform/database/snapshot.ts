import type { DataSource, QueryRunner } from 'typeorm';
import type { Row } from '../pipeline/slice.js';

const CURSOR = 'laurel_rows';

/**
 * A read-only view of the database at one moment (REPEATABLE READ), on a connection of its own: what is read
 * through it belongs together while commands go on being written. Rows beyond counting come through a
 * server-side cursor, so only one batch of them is in memory.
 */
export class Snapshot {
  private constructor(private readonly runner: QueryRunner) {}

  static async open(dataSource: DataSource): Promise<Snapshot> {
    const snapshot = new Snapshot(dataSource.createQueryRunner());
    try {
      await snapshot.runner.startTransaction('REPEATABLE READ');
      await snapshot.runner.query('SET TRANSACTION READ ONLY');
      // Everything of a cursor is read, so the plan should be the one that is best for all of it.
      await snapshot.runner.query('SET LOCAL cursor_tuple_fraction = 1');
    } catch (error) {
      await snapshot.close();
      throw error;
    }
    return snapshot;
  }

  async query(sql: string, values: readonly unknown[]): Promise<Row[]> {
    return (await this.runner.query(sql, [...values])) as Row[];
  }

  /** The rows of a query in batches, in its order. One at a time: a snapshot has one cursor. */
  async *batches(sql: string, values: readonly unknown[], size: number): AsyncGenerator<readonly Row[]> {
    await this.runner.query(`DECLARE ${CURSOR} NO SCROLL CURSOR FOR ${sql}`, [...values]);
    for (;;) {
      const rows = (await this.runner.query(`FETCH ${size} FROM ${CURSOR}`)) as Row[];
      if (rows.length > 0) yield rows;
      if (rows.length < size) break;
    }
    await this.runner.query(`CLOSE ${CURSOR}`);
  }

  async close(): Promise<void> {
    try {
      if (this.runner.isTransactionActive) await this.runner.rollbackTransaction();
    } finally {
      await this.runner.release();
    }
  }
}
