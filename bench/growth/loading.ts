import type pg from 'pg';
import type { HistoryPlan } from './history-plan.js';
import { accountsSql, lotsSql, movementsSql } from './history-sql.js';
import { PUBLISH_EVENTS } from '../stage/publish-events.js';
import { removeIndexes, type Removed } from './indexes.js';
import { tableRows } from './row-sql.js';
import type { TableWriter } from './table-writer.js';

/** Lots, or accounts with fewer, made by one transaction: they are held in memory. */
const CHUNK = 25_000;
/** Chunks between two freezes; what they wrote is still in memory then. */
const CHUNKS_A_ROUND = 48;

/** Grown accounts are of before rolls, and counted as such. */
const UNCOUNTED = `UPDATE programmes p SET uncounted_accounts = (SELECT count(*) FROM accounts a
    WHERE a.programme_id = p.programme_id AND a.counted IS NOT TRUE)
  WHERE p.programme_id = $1`;

/** Writes a plan's rows over a few connections. */
export class Loading {
  private readonly written: Record<string, number> = {};
  private readonly inserts: readonly { readonly table: string; readonly sql: string }[];
  private readonly tables: readonly string[];
  private next = 0;

  constructor(
    private readonly clients: readonly pg.Client[],
    private readonly plan: HistoryPlan,
    writer: TableWriter,
    private readonly log: (text: string) => void,
  ) {
    const [client] = clients as readonly [pg.Client];
    this.inserts = tableRows(plan, writer.template).map((rows) => ({
      table: rows.table,
      sql: writer.insert(rows, (text) => client.escapeLiteral(text)),
    }));
    this.tables = [...new Set(this.inserts.map(({ table }) => table))];
  }

  /** @returns how many rows were written, by table. */
  async carryOut(): Promise<Readonly<Record<string, number>>> {
    const [client] = this.clients as readonly [pg.Client];
    for (const table of this.tables)
      await client.query(`ALTER TABLE ${table} SET (autovacuum_enabled = off)`);
    const removed = await removeIndexes(client, this.tables);
    await this.rows();
    await this.indexes(removed);
    await this.finish();
    return this.written;
  }

  /**
   * Chunk by chunk, with a pause after some in which what was written is frozen: a row that was not is written once
   * more when it is first read, and its page once more into the log, which would be paid for while something is
   * measured. Frozen at once it costs a look at pages that are still in memory; those of rounds before are skipped.
   */
  private async rows(): Promise<void> {
    const { members, lots } = this.plan;
    const accounts = Math.max(1, Math.floor(CHUNK / Math.max(1, Math.ceil(lots / members))));
    const began = performance.now();
    while (this.next < members) {
      const end = Math.min(members, this.next + accounts * CHUNKS_A_ROUND);
      await this.each(async (client) => {
        while (this.next < end) {
          const from = this.next;
          this.next = Math.min(end, from + accounts);
          await this.chunk(client, from, this.next);
        }
      });
      await this.overTables((table) => [`VACUUM (FREEZE, TRUNCATE false, PARALLEL 0) ${table}`]);
      this.progress(performance.now() - began);
    }
  }

  private async chunk(client: pg.Client, from: number, to: number): Promise<void> {
    await client.query('BEGIN');
    await client.query(accountsSql(this.plan), [from, to]);
    await client.query(lotsSql(this.plan));
    await client.query(movementsSql(this.plan));
    for (const { table, sql } of this.inserts) {
      const { rowCount } = await client.query(sql);
      this.written[table] = (this.written[table] ?? 0) + (rowCount ?? 0);
    }
    await client.query('COMMIT');
  }

  private async indexes({ indexes, foreignKeys }: Removed): Promise<void> {
    const began = performance.now();
    await this.overTables((table) => indexes.find((rebuild) => rebuild.table === table)?.statements ?? []);
    const [client] = this.clients as readonly [pg.Client];
    for (const statement of foreignKeys) await client.query(statement);
    this.log(`indexes: ${seconds(performance.now() - began)} s`);
  }

  /** Statistics; then everything onto the disk, so that nothing of the load is left to be written. */
  private async finish(): Promise<void> {
    const began = performance.now();
    // Counts of written rows that reach the server after the statistics would have autovacuum do it all again.
    await this.each(async (client) => void (await client.query('SELECT pg_stat_force_next_flush()')));
    await this.overTables((table) => [
      `VACUUM (ANALYZE, TRUNCATE false, PARALLEL 0) ${table}`,
      `ALTER TABLE ${table} RESET (autovacuum_enabled)`,
    ]);
    const [client] = this.clients as readonly [pg.Client];
    await client.query(UNCOUNTED, [this.plan.programme]);
    // The listener that counts events has seen the grown ones.
    for (const statement of PUBLISH_EVENTS) await client.query(statement);
    await client.query('CHECKPOINT');
    this.log(`statistics and checkpoint: ${seconds(performance.now() - began)} s`);
  }

  /** Does something on each connection at once. */
  private async each(work: (client: pg.Client) => Promise<void>): Promise<void> {
    const outcomes = await Promise.allSettled(this.clients.map(work));
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }

  /** Carries out statements for each table, the biggest first, a table at a time on each connection. */
  private async overTables(statementsOf: (table: string) => readonly string[]): Promise<void> {
    const left = [...this.tables].sort((a, b) => (this.written[b] ?? 0) - (this.written[a] ?? 0));
    await this.each(async (client) => {
      for (let table = left.shift(); table !== undefined; table = left.shift()) {
        for (const statement of statementsOf(table)) await client.query(statement);
      }
    });
  }

  private progress(elapsed: number): void {
    const rows = Object.values(this.written).reduce((sum, count) => sum + count, 0);
    const perSecond = Math.round((rows * 1000) / elapsed);
    const share = ((100 * this.next) / this.plan.members).toFixed(0);
    this.log(
      `${share} %: ${this.written['accounts'] ?? 0} accounts, ${this.written['movements'] ?? 0} movements, ` +
        `${rows} rows in ${seconds(elapsed)} s, ${perSecond} rows/s`,
    );
  }
}

function seconds(millis: number): string {
  return (millis / 1000).toFixed(1);
}
