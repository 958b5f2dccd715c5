import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { SUPERUSER } from './cluster.js';
import { EmbeddedPostgresError, hasCode } from './embedded-postgres.error.js';

/** Crash recovery replays the log first, so patience is needed; without an end it would hide a failure. */
const READY_LIMIT_MS = 120_000;
const POLL_MS = 25;
/** SQLSTATE of "the database system is starting up". */
const STARTING_UP = '57P03';

interface Waiting {
  readonly port: number;
  readonly password: string;
  /** Has the server given up already? */
  hasExited(): boolean;
}

/** The URL of a database on the embedded server. */
export function databaseUrl(port: number, password: string, database: string): string {
  return `postgres://${SUPERUSER}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
}

/**
 * Waits until the server answers a real connection. SCRAM authenticates both sides, so a success also proves
 * that it is our server on that port and not somebody else's.
 *
 * @throws EmbeddedPostgresError when the server exits, refuses us, or the limit passes
 */
export async function waitUntilReady(waiting: Waiting): Promise<void> {
  const deadline = performance.now() + READY_LIMIT_MS;
  for (;;) {
    if (waiting.hasExited()) throw new EmbeddedPostgresError('the server ended during its start');
    const error = await tryConnect(waiting.port, waiting.password);
    if (error === undefined) return;
    if (!hasCode(error, 'ECONNREFUSED', 'ECONNRESET', STARTING_UP)) throw error;
    if (performance.now() > deadline) {
      throw new EmbeddedPostgresError(`no connection within ${READY_LIMIT_MS / 1000} s`, { cause: error });
    }
    await sleep(POLL_MS);
  }
}

/** Makes the database unless it exists. */
export async function ensureDatabase(port: number, password: string, database: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl(port, password, 'postgres') });
  await client.connect();
  try {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)}`);
  } finally {
    await client.end();
  }
}

async function tryConnect(port: number, password: string): Promise<Error | undefined> {
  const client = new pg.Client({
    connectionString: databaseUrl(port, password, 'postgres'),
    connectionTimeoutMillis: 5_000,
  });
  // Without a listener a connection that breaks while idle would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return undefined;
  } catch (error) {
    return error as Error;
  } finally {
    await client.end().catch(() => undefined);
  }
}
