import type { DataSource, QueryRunner } from 'typeorm';
import type { SqlClient } from './sql-client.js';

/**
 * Settings of a shard's connection. The statements are nested loops over primary keys, driven by arrays of at most a
 * few hundred rows. A plan that scans whole tables because they are small today would lock rows in another order and
 * slow down as the tables grow.
 */
const SESSION = `SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_seqscan = off;
  SET plan_cache_mode = force_generic_plan; SET jit = off; SET statement_timeout = '30s'`;

/** A shard's own connection out of the DataSource's pool, taken once and replaced when it breaks. */
export class ShardConnection {
  private runner: QueryRunner | null = null;

  constructor(private readonly dataSource: DataSource) {}

  async client(): Promise<SqlClient> {
    if (this.runner) return (await this.runner.connect()) as SqlClient;
    const runner = this.dataSource.createQueryRunner();
    try {
      const client = (await runner.connect()) as SqlClient;
      await runner.query(SESSION);
      this.runner = runner;
      return client;
    } catch (error) {
      await runner.release().catch(() => undefined);
      throw error;
    }
  }

  /** Releases the connection, because it is broken or because the shard closes. */
  async release(): Promise<void> {
    const runner = this.runner;
    this.runner = null;
    await runner?.query('RESET ALL').catch(() => undefined);
    await runner?.release().catch(() => undefined);
  }
}
