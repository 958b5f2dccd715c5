import { query } from '../stage/server.js';

export interface Draws {
  readonly table: string;
  /** How many each client may choose from. */
  readonly batches: number;
}

/** Enough for a client not to come back to the same batch soon. */
const PURCHASES_DRAWN = 20_000;

/**
 * Draws batches of accounts at random in advance, so that drawing costs nothing while it counts. Each client has
 * every so-manieth member to itself: no two wait for each other's rows, as no two of the engine's batches do. The
 * accounts of a batch are distinct (one at random out of each of `size` equal parts) and in the order of their keys.
 *
 * @returns null where there are too few members for such batches
 */
export async function drawBatches(databaseUrl: string, size: number, clients: number): Promise<Draws | null> {
  const [counted] = await query<{ members: number }>(
    databaseUrl,
    `SELECT count(*)::int AS members FROM (${MEMBERS}) m`,
  );
  const each = Math.floor((counted?.members ?? 0) / clients);
  if (each < size) return null;
  // Alone, each member makes a batch.
  const batches = size === 1 ? each : Math.ceil(PURCHASES_DRAWN / size);
  const table = `bench_limit.draws_${size}_${clients}`;
  const within =
    size === 1
      ? 'b.batch / $2::int'
      : `o.ord * $4::int / $1::int + floor(random() * ((o.ord + 1) * $4::int / $1::int - o.ord * $4::int / $1::int))::int`;
  await query(databaseUrl, 'CREATE SCHEMA IF NOT EXISTS bench_limit');
  await query(
    databaseUrl,
    `CREATE TABLE ${table} (batch int, ord int, account_id uuid, member_id uuid, PRIMARY KEY (batch, ord))`,
  );
  await query(
    databaseUrl,
    `WITH m AS MATERIALIZED (SELECT n.account_id, n.member_id, row_number() OVER (ORDER BY n.account_id) - 1 AS number
       FROM (${MEMBERS}) n),
     drawn AS MATERIALIZED (SELECT b.batch, o.ord, (${within}) * $2::int + b.batch % $2::int AS number
       FROM generate_series(0, $3::int * $2::int - 1) b(batch), generate_series(0, $1::int - 1) o(ord)
       WHERE $4::int > 0)
     INSERT INTO ${table} SELECT d.batch, d.ord, m.account_id, m.member_id
     FROM drawn d JOIN m ON m.number = d.number ORDER BY d.batch, d.ord`,
    [size, clients, batches, each],
  );
  await query(databaseUrl, `VACUUM (ANALYZE) ${table}`);
  return { table, batches };
}

const MEMBERS = `SELECT i.account_id, i.member_id FROM members i WHERE i.account_id = i.home_account_id`;
