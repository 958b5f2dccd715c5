import type pg from 'pg';
import type { DataSource } from 'typeorm';

/**
 * A data source on one connection with an open transaction, so that what was changed in it and not committed is seen.
 * A snapshot that is begun on it is a part of the transaction; a query that fails takes back what came after
 * `savepoint`.
 */
export function withinTransaction(client: pg.Client, savepoint: string): DataSource {
  const query = async (sql: string, values?: unknown[]): Promise<unknown> => {
    if (sql.startsWith('SET TRANSACTION')) return [];
    try {
      return (await client.query(sql, values)).rows;
    } catch (error) {
      await client.query(`ROLLBACK TO SAVEPOINT ${savepoint}`);
      throw error;
    }
  };
  const createQueryRunner = () => ({
    isTransactionActive: false,
    connect: () => Promise.resolve(client),
    startTransaction: () => Promise.resolve(),
    commitTransaction: () => Promise.resolve(),
    release: () => Promise.resolve(),
    query,
  });
  return { query, createQueryRunner } as unknown as DataSource;
}
