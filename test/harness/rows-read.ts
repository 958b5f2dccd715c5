import pg from 'pg';

const READ = `SELECT coalesce(sum(coalesce(s.seq_tup_read, 0) + coalesce(s.idx_tup_fetch, 0)), 0) AS rows
  FROM pg_stat_user_tables s`;

/**
 * How many rows of the tables were read while `act` ran, whether they were of use or not: what something costs, without
 * a clock. Sessions tell what they read when they end, so those of `act` must be closed by its end, and no others read
 * meanwhile.
 */
export async function rowsRead(databaseUrl: string, act: () => Promise<void>): Promise<number> {
  const before = await readSoFar(databaseUrl);
  await act();
  return (await readSoFar(databaseUrl)) - before;
}

async function readSoFar(databaseUrl: string): Promise<number> {
  await othersGone(databaseUrl);
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ rows: string }>(READ);
    return Number(rows[0]?.rows);
  } finally {
    await client.end();
  }
}

/** The server learns of a session's end a moment after the client does. */
async function othersGone(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    for (;;) {
      const { rowCount } = await client.query(
        `SELECT 1 FROM pg_stat_activity a WHERE a.datname = current_database() AND a.pid <> pg_backend_pid()
           AND a.backend_type = 'client backend'`,
      );
      if (rowCount === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  } finally {
    await client.end();
  }
}
