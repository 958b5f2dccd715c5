import pg from 'pg';
import {
  APPLICATION_URL_VARIABLE,
  SERVER_URL_VARIABLE,
  TEMPLATE_DATABASE,
  urlOfDatabase,
} from './server-url.js';

export interface TestDatabase {
  /** What the engine connects with: its user cannot rewrite history, whatever a test does in its session. */
  readonly applicationUrl: string;
  /** What migrates, and what a story changes rows with that the engine may not change. */
  readonly ownerUrl: string;
  /** One statement of the owner. @returns its rows. */
  asOwner<R extends pg.QueryResultRow>(sql: string, values?: readonly unknown[]): Promise<R[]>;
  /** Removes the database, cutting whatever connections are left. */
  drop(): Promise<void>;
}

let made = 0;

/**
 * Makes a database of its own for a test or a suite: a copy of the migrated template.
 *
 * FILE_COPY, as the server is throw-away: measured with 60 tables, 25 ms to make and 10 ms to drop, against
 * 30 ms and 24 ms for WAL_LOG.
 *
 * Names carry the worker's process id and a counter, so they never meet between workers or test files.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  return create(`TEMPLATE ${TEMPLATE_DATABASE} STRATEGY FILE_COPY`);
}

/** A database without a schema. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  return create('');
}

async function create(as: string): Promise<TestDatabase> {
  const [serverUrl, applicationUrl] = [variable(SERVER_URL_VARIABLE), variable(APPLICATION_URL_VARIABLE)];
  const name = `laurel_test_${process.pid}_${Date.now().toString(36)}_${++made}`;
  await query(serverUrl, `CREATE DATABASE ${name} ${as}`);
  const ownerUrl = urlOfDatabase(serverUrl, name);
  return {
    applicationUrl: urlOfDatabase(applicationUrl, name),
    ownerUrl,
    asOwner: (sql, values) => query(ownerUrl, sql, values),
    drop: async () => void (await query(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)),
  };
}

function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run the tests through Jest`);
  return value;
}

async function query<R extends pg.QueryResultRow>(
  url: string,
  sql: string,
  values: readonly unknown[] = [],
): Promise<R[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<R>(sql, [...values])).rows;
  } finally {
    await client.end();
  }
}
