import { access, chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { canEnter, serverAccount } from '../../src/platform/database/embedded/account.js';
import {
  EmbeddedPostgres,
  type RunningPostgres,
} from '../../src/platform/database/embedded/embedded-postgres.js';
import { OwnerLock } from '../../src/platform/database/embedded/lock.js';
import { SILENT_LOGGER } from '../../src/platform/database/embedded/logger.js';
import { stopOrphan } from '../../src/platform/database/embedded/orphan.js';
import { migrateTemplate } from './migrate-template.js';
import {
  APPLICATION_URL_VARIABLE,
  SERVER_URL_VARIABLE,
  TEMPLATE_DATABASE,
  urlOfDatabase,
} from './server-url.js';

/** By this a later run knows folders that a killed one left behind. */
export const FOLDER_PREFIX = 'laurel-test-';

/** Nothing here outlives the test run, so nothing need reach the disk. */
const THROW_AWAY = {
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  max_connections: 200,
  max_wal_size: '4GB',
};

/**
 * Starts the one server of a test run, with the migrated template in it, and publishes its URL in the
 * environment, which Jest hands on to its workers.
 */
export async function startTestServer(): Promise<{ stop(): Promise<void> }> {
  const parent = await reachableTemporaryFolder();
  await sweepLeftovers(parent);
  const dataDir = await mkdtemp(join(parent, FOLDER_PREFIX));
  await chmod(dataDir, 0o711);
  const server = await EmbeddedPostgres.start({ dataDir, settings: THROW_AWAY });
  const stop = async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    await makeTemplate(server);
  } catch (error) {
    await stop();
    throw error;
  }
  process.env[SERVER_URL_VARIABLE] = urlOfDatabase(server.ownerUrl, 'postgres');
  process.env[APPLICATION_URL_VARIABLE] = urlOfDatabase(server.applicationUrl, 'postgres');
  return { stop };
}

async function makeTemplate(server: RunningPostgres): Promise<void> {
  const client = new pg.Client({ connectionString: urlOfDatabase(server.ownerUrl, 'postgres') });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${TEMPLATE_DATABASE}`);
    await migrateTemplate(urlOfDatabase(server.ownerUrl, TEMPLATE_DATABASE));
    await client.query(`ALTER DATABASE ${TEMPLATE_DATABASE} IS_TEMPLATE true ALLOW_CONNECTIONS false`);
  } finally {
    await client.end();
  }
}

/** Under root another account runs the server, and TMPDIR may lie in a folder it cannot enter. */
export async function reachableTemporaryFolder(): Promise<string> {
  for (const folder of [tmpdir(), '/tmp', '/var/tmp']) {
    if (await canEnter(folder, await serverAccount(join(folder, 'no-data-yet')))) return folder;
  }
  return tmpdir();
}

/** A test run that was killed leaves its server and its folder behind. */
export async function sweepLeftovers(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.startsWith(FOLDER_PREFIX)) continue;
    const dataDir = join(parent, name);
    const lock = join(dataDir, 'owner.lock');
    try {
      // Without a lock file it may be a run that is just beginning.
      await access(lock);
      if ((await OwnerLock.livingOwner(lock)) !== undefined) continue;
      await stopOrphan(join(dataDir, 'pgdata'), SILENT_LOGGER);
      await rm(dataDir, { recursive: true, force: true });
    } catch {
      // The folder of another user.
    }
  }
}
