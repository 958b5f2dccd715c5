import pg from 'pg';
import type { Growth, PurchaseRows } from './purchase-rows.js';
import type { ReceiptDto } from './receipt.dto.js';
import type { Recorder, RecorderOptions } from './recorder.js';
import type { Row } from './row-template.js';

/** Hand-written SQL over `pg`, every statement prepared once a connection. */
export class PgRecorder implements Recorder {
  private readonly pool: pg.Pool;
  /** Statements by their text, with the names they are prepared under. */
  private readonly names = new Map<string, string>();

  constructor(
    private readonly rows: PurchaseRows,
    private readonly options: RecorderOptions,
  ) {
    this.pool = new pg.Pool({ connectionString: options.databaseUrl, max: options.poolSize });
  }

  async record(receipt: ReceiptDto): Promise<string | null> {
    const client = await this.pool.connect();
    try {
      await client.query('BEGIN');
      const answer = await this.write(client, receipt);
      await client.query('COMMIT');
      return answer;
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    } finally {
      client.release();
    }
  }

  close(): Promise<void> {
    return this.pool.end();
  }

  private async write(client: pg.PoolClient, receipt: ReceiptDto): Promise<string | null> {
    const [identity] = await this.query(
      client,
      `SELECT i.account_id, i.member_id FROM member_identities i
       WHERE i.programme_id = $1 AND i.type = 'externalId' AND i.value = $2`,
      [this.options.programmeId, receipt.member.externalId],
    );
    if (identity === undefined) return null;
    const { account_id: accountId, member_id: memberId } = identity as Record<string, string>;
    const [account] = await this.query(
      client,
      'SELECT a.* FROM accounts a WHERE a.account_id = $1 FOR UPDATE',
      [accountId],
    );
    const payer = { accountId: accountId as string, memberId: memberId as string, account: account as Row };
    const work = this.rows.of(receipt, payer);
    for (const { table, rows } of work.inserts) await this.insert(client, table, rows);
    for (const growth of work.growths) await this.grow(client, growth);
    const sets = Object.keys(work.account).map((name, index) => `${name} = $${index + 2}`);
    await this.query(client, `UPDATE accounts SET ${sets.join(', ')} WHERE account_id = $1`, [
      accountId,
      ...Object.values(work.account).map(bound),
    ]);
    return work.answer;
  }

  /** All of a table's rows at once. */
  private insert(client: pg.PoolClient, table: string, rows: readonly Row[]): Promise<Row[]> {
    const columns = Object.keys(rows[0] ?? {});
    const tuples = rows.map(
      (_, row) => `(${columns.map((__, column) => `$${row * columns.length + column + 1}`).join(', ')})`,
    );
    return this.query(
      client,
      `INSERT INTO ${table} (${columns.join(', ')}) VALUES ${tuples.join(', ')}`,
      rows.flatMap((row) => Object.values(row).map(bound)),
    );
  }

  private grow(client: pg.PoolClient, { table, key, added }: Growth): Promise<Row[]> {
    const columns = [...Object.keys(key), ...Object.keys(added)];
    const sets = Object.keys(added).map((name) => `${name} = x.${name} + excluded.${name}`);
    return this.query(
      client,
      `INSERT INTO ${table} AS x (${columns.join(', ')}) VALUES (${columns.map((_, index) => `$${index + 1}`).join(', ')})
       ON CONFLICT (${Object.keys(key).join(', ')}) DO UPDATE SET ${sets.join(', ')}`,
      [...Object.values(key), ...Object.values(added)],
    );
  }

  private async query(client: pg.PoolClient, text: string, values: readonly unknown[]): Promise<Row[]> {
    const name = this.names.get(text) ?? `naive-${this.names.size}`;
    this.names.set(text, name);
    return (await client.query<Row>({ name, text, values: [...values] })).rows;
  }
}

/** The driver takes an array for PostgreSQL's, not for JSON. */
function bound(value: unknown): unknown {
  return Array.isArray(value) ? JSON.stringify(value) : value;
}
