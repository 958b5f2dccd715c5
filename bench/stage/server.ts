import { rmSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { EmbeddedPostgres } from '../../src/platform/database/embedded/embedded-postgres.js';
import { BENCH_SETTINGS } from './postgres-settings.js';

/** Settings that decide what is measured, shown with the results. */
const SHOWN = [
  'server_version',
  'fsync',
  'synchronous_commit',
  'full_page_writes',
  'shared_buffers',
  'max_wal_size',
  'checkpoint_timeout',
  'wal_compression',
  'autovacuum',
  'jit',
];

/** A durable PostgreSQL of the bench's own, in a folder that goes away with it. */
export interface BenchServer {
  /** The superuser's connection to a database on it; that of the first one without a name. */
  url(database?: string): string;
  /** The postmaster's. */
  readonly pid: number;
  /** By name, as `SHOW` tells them. */
  readonly settings: Readonly<Record<string, string>>;
  /** Makes a database, empty or a copy of one that has no connection. @returns its URL. */
  createDatabase(name: string, template?: string): Promise<string>;
  /** Stops the server and removes its folder. */
  stop(): Promise<void>;
}

/** Starts a server with `BENCH_SETTINGS`. Its folder lies where temporary files do (`TMPDIR`). */
export async function startServer(): Promise<BenchServer> {
  const folder = await mkdtemp(join(tmpdir(), 'laurel-bench-'));
  // Under root the server runs as another account, which must come in.
  await chmod(folder, 0o755);
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const running = await EmbeddedPostgres.start({ dataDir: folder, settings: BENCH_SETTINGS });
    const pidFile = await readFile(join(running.stateDir, 'pgdata', 'postmaster.pid'), 'utf8');
    const pid = Number(pidFile.split('\n')[0]);
    const abandon = (): void => cutOff(pid, folder);
    process.once('exit', abandon);
    const url = (database?: string): string => {
      const made = new URL(running.ownerUrl);
      if (database !== undefined) made.pathname = `/${database}`;
      return made.href;
    };
    return {
      url,
      pid,
      settings: await settingsOf(running.ownerUrl),
      createDatabase: async (name, template) => {
        const from = template === undefined ? '' : ` TEMPLATE "${template}"`;
        await query(url('postgres'), `CREATE DATABASE "${name}"${from}`);
        return url(name);
      },
      stop: async () => {
        await running.stop();
        process.off('exit', abandon);
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** This process ends in the middle of a run: nothing is kept, so nothing need be written. */
function cutOff(pid: number, folder: string): void {
  try {
    process.kill(pid, 'SIGQUIT');
  } catch {
    // It has ended by itself.
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** Runs one statement on a connection of its own. @returns its rows. */
export async function query<R extends pg.QueryResultRow>(
  databaseUrl: string,
  sql: string,
  values: readonly unknown[] = [],
): Promise<readonly R[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query<R>(sql, [...values])).rows;
  } finally {
    await client.end();
  }
}

async function settingsOf(databaseUrl: string): Promise<Record<string, string>> {
  const rows = await query<{ name: string; value: string }>(
    databaseUrl,
    'SELECT s.name, current_setting(s.name) AS value FROM pg_settings s WHERE s.name = ANY($1::text[])',
    [SHOWN],
  );
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
}
