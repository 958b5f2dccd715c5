import pg from 'pg';
import { SERVER_URL_VARIABLE, TEMPLATE_DATABASE, urlOfDatabase } from './server-url.js';

export interface TestDatabase {
  /** URL of a superuser's connection to this database. */
  readonly url: string;
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
  const serverUrl = process.env[SERVER_URL_VARIABLE];
  if (serverUrl === undefined)
    throw new Error(`${SERVER_URL_VARIABLE} is not set: run the tests through Jest`);
  const name = `laurel_test_${process.pid}_${Date.now().toString(36)}_${++made}`;
  await onServer(serverUrl, `CREATE DATABASE ${name} TEMPLATE ${TEMPLATE_DATABASE} STRATEGY FILE_COPY`);
  return {
    url: urlOfDatabase(serverUrl, name),
    drop: () => onServer(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

async function onServer(serverUrl: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
