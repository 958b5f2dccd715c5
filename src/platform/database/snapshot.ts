import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import type { Row } from './row.js';

/**
 * A read-only view of the database at one moment (REPEATABLE READ), on a connection of its own: what is read
 * through it belongs together while commands go on being written. Rows beyond counting come through a
 * server-side cursor, so only one batch of them is in memory.
 */
export class Snapshot {
  private cursors = 0;

  private constructor(private readonly runner: QueryRunner) {}

  static async open(dataSource: DataSource): Promise<Snapshot> {
    const snapshot = new Snapshot(dataSource.createQueryRunner());
    try {
      await snapshot.runner.startTransaction('REPEATABLE READ');
      await snapshot.runner.query('SET TRANSACTION READ ONLY');
      // Everything of a cursor is read, so the plan should be the one that is best for all of it.
      await snapshot.runner.query('SET LOCAL cursor_tuple_fraction = 1');
      // A reader may be slow, such as the client of an export, and what is only read keeps nothing from others.
      await snapshot.runner.query('SET LOCAL idle_in_transaction_session_timeout = 0');
    } catch (error) {
      await snapshot.close();
      throw error;
    }
    return snapshot;
  }

  /** Reads what TypeORM maps, at the same moment. */
  get manager(): EntityManager {
    return this.runner.manager;
  }

  async query(sql: string, values: readonly unknown[]): Promise<Row[]> {
    return (await this.runner.query(sql, [...values])) as Row[];
  }

  /**
   * The rows of a query in batches, in its order. The next batch is requested before this one is processed, so that the
   * database and this process work side by side; two batches are in memory. The cursor is closed when the reader stops,
   * at the last row or before; each has a name of its own, so that one reading may go on within another.
   */
  async *batches(sql: string, values: readonly unknown[], size: number): AsyncGenerator<readonly Row[]> {
    const cursor = `laurel_rows_${(this.cursors += 1)}`;
    await this.runner.query(`DECLARE ${cursor} NO SCROLL CURSOR FOR ${sql}`, [...values]);
    let next: Promise<Row[]> | null = this.fetch(size, cursor);
    let open = true;
    try {
      while (next) {
        const rows: Row[] = await next;
        next = rows.length < size ? null : this.fetch(size, cursor);
        if (rows.length > 0) yield rows;
      }
    } catch (error) {
      // The transaction is aborted or the connection is gone, and the cursor with it.
      open = false;
      throw error;
    } finally {
      // A reader that stops early leaves a query under way, whose result must be read before the next query.
      await next?.catch(() => undefined);
      if (open) await this.runner.query(`CLOSE ${cursor}`);
    }
  }

  private fetch(size: number, cursor: string): Promise<Row[]> {
    const rows = this.runner.query(`FETCH ${size} FROM ${cursor}`) as Promise<Row[]>;
    // An error is thrown at the batch's turn; until then its promise has no reader.
    rows.catch(() => undefined);
    return rows;
  }

  async close(): Promise<void> {
    // Nothing was written; where the connection is gone there is nothing to roll back, and the first error says more.
    if (this.runner.isTransactionActive) await this.runner.rollbackTransaction().catch(() => undefined);
    await this.runner.release();
  }
}
