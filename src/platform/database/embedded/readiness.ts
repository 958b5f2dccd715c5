import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { APPLICATION_ROLE } from '../../../../migrations/1764000000001-application-role.js';
import { SUPERUSER } from './cluster.js';
import { EmbeddedPostgresError, hasCode } from './embedded-postgres.error.js';

/** Crash recovery replays the log first, so patience is needed; without an end it would hide a failure. */
const READY_LIMIT_MS = 120_000;
const POLL_MS = 25;
/** SQLSTATE of "the database system is starting up". */
const STARTING_UP = '57P03';

/** The user that the engine connects as: a member of the application's role. */
export const APPLICATION_LOGIN = 'laurel_engine';

interface Waiting {
  readonly port: number;
  readonly password: string;
  /** Has the server given up already? */
  hasExited(): boolean;
}

/** The URL of a database on the embedded server; as the superuser unless another user is named. */
export function databaseUrl(port: number, password: string, database: string, user = SUPERUSER): string {
  return `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
}

/**
 * Waits until the server answers a real connection. SCRAM authenticates both sides, so a success also proves that the
 * server on that port is ours.
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

/**
 * Makes the user that the engine connects as, or gives it the password in the data folder again. It has the rights of
 * the application's role and no others.
 */
export async function ensureApplicationLogin(
  port: number,
  password: string,
  applicationPassword: string,
): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl(port, password, 'postgres') });
  await client.connect();
  try {
    const roles = await client.query<{ rolname: string }>('SELECT r.rolname FROM pg_roles r');
    const has = (name: string) => roles.rows.some(({ rolname }) => rolname === name);
    // At the first start before the migration that would make it.
    if (!has(APPLICATION_ROLE)) await client.query(`CREATE ROLE ${APPLICATION_ROLE} NOLOGIN`);
    if (!has(APPLICATION_LOGIN)) await client.query(`CREATE ROLE ${APPLICATION_LOGIN}`);
    const secret = client.escapeLiteral(applicationPassword);
    await client.query(`ALTER ROLE ${APPLICATION_LOGIN} LOGIN INHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE
      NOREPLICATION NOBYPASSRLS PASSWORD ${secret}`);
    await client.query(`GRANT ${APPLICATION_ROLE} TO ${APPLICATION_LOGIN}`);
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
