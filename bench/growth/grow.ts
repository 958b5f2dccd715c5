import pg from 'pg';
import { idToUuid } from '../../src/kernel/ids.js';
import { planHistory, type HistoryOptions } from './history-plan.js';
import { prepareSql } from './history-sql.js';
import { Loading } from './loading.js';
import { TableWriter } from './table-writer.js';

/** What was grown. */
export interface Grown {
  readonly members: number;
  /** By table. */
  readonly rows: Readonly<Record<string, number>>;
  readonly seconds: number;
  /** The database's size when it was done. */
  readonly bytes: number;
}

/** Connections that load: one a core of the machine the bench is made for. */
const CONNECTIONS = 2;
const SESSION = `SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET synchronous_commit = off; SET jit = off;
  SET work_mem = '256MB'; SET maintenance_work_mem = '1GB'; SET max_parallel_workers_per_gather = 0;
  SET max_parallel_maintenance_workers = 0; SET temp_buffers = '256MB'; SET vacuum_buffer_usage_limit = 0;
  SET client_min_messages = warning`;

/**
 * Writes members, accounts and a valid ledger of them into a migrated database that has the programme, on the server:
 * `verify` finds nothing. No other process may work on the database. A receipt that the engine wrote for the
 * programme is the model for what is not of the loader's own making; without one no receipt gets a body.
 *
 * @param databaseUrl of a user who owns the tables
 * @throws RangeError for sizes that are out of bounds
 */
export async function grow(databaseUrl: string, options: HistoryOptions): Promise<Grown> {
  const began = performance.now();
  const clients = await Promise.all(Array.from({ length: CONNECTIONS }, () => connect(databaseUrl)));
  try {
    const [client] = clients as [pg.Client];
    const plan = planHistory(options, await timeZoneOf(client, options.programmeId), Date.now());
    const writer = await TableWriter.read(client, plan.programme);
    for (const each of clients) for (const statement of prepareSql(plan)) await each.query(statement);
    const rows = await new Loading(clients, plan, writer, options.log ?? (() => undefined)).carryOut();
    const size = await client.query<{ bytes: string }>(
      'SELECT pg_database_size(current_database()) AS bytes',
    );
    return {
      members: plan.members,
      rows,
      seconds: (performance.now() - began) / 1000,
      bytes: Number(size.rows[0]?.bytes),
    };
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
}

async function connect(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  await client.query(SESSION);
  return client;
}

async function timeZoneOf(client: pg.Client, programmeId: string): Promise<string> {
  const found = await client.query<{ time_zone: string }>(
    'SELECT p.time_zone FROM programmes p WHERE p.programme_id = $1',
    [idToUuid(programmeId)],
  );
  const zone = found.rows[0]?.time_zone;
  if (zone === undefined) throw new Error(`there is no programme ${programmeId}`);
  return zone;
}
