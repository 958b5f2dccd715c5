import pg from 'pg';
import { createTestDatabase } from './database.js';

async function databasesNamed(url: string, name: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    return found.rowCount ?? 0;
  } finally {
    await client.end();
  }
}

describe('createTestDatabase', () => {
  it('gives each caller a database of its own, and takes it away with connections still open', async () => {
    const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
    expect(one.applicationUrl).not.toBe(other.applicationUrl);

    const lingering = new pg.Client({ connectionString: one.applicationUrl });
    lingering.on('error', () => undefined);
    await lingering.connect();
    await one.drop();

    expect(await databasesNamed(other.applicationUrl, new URL(one.applicationUrl).pathname.slice(1))).toBe(0);
    await other.drop();
  });
});
