import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, open, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Binaries } from './binaries.js';
import { EmbeddedPostgresError, hasCode } from './embedded-postgres.error.js';
import type { Folders } from './folders.js';
import { runProgram } from './run-program.js';

export const SUPERUSER = 'laurel';

/**
 * Makes the database cluster unless it is there, and returns the superuser's password.
 *
 * initdb works in a folder of its own that is renamed when it is complete, so that an interrupted first
 * start leaves nothing half-made behind. The caller must hold the owner lock.
 *
 * @param durable false skips the waiting for the disk, for throw-away servers
 */
export async function ensureCluster(folders: Folders, binaries: Binaries, durable: boolean): Promise<string> {
  if (await isCluster(folders.pgdata)) return readPassword(folders.password);
  const password = await readOrMakePassword(folders.password);
  const draft = `${folders.pgdata}.new`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  const passwordFile = join(folders.stateDir, 'initdb-password');
  try {
    await writeFile(passwordFile, password, { mode: 0o600 });
    if (folders.account !== undefined) {
      await chown(draft, folders.account.uid, folders.account.gid);
      await chown(passwordFile, folders.account.uid, folders.account.gid);
    }
    await initialise(folders, binaries, draft, passwordFile, durable);
  } finally {
    await rm(passwordFile, { force: true });
  }
  // Replaces the empty folder, if there is one; anything else in the way is an error worth hearing about.
  await rename(draft, folders.pgdata);
  if (durable) await syncFolder(folders.stateDir);
  return password;
}

async function initialise(
  folders: Folders,
  binaries: Binaries,
  pgdata: string,
  passwordFile: string,
  durable: boolean,
): Promise<void> {
  const options = [
    `--pgdata=${pgdata}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // Sorted by code point, the same on every machine, and still Unicode-aware in upper() and lower().
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
    ...(durable ? [] : ['--no-sync']),
  ];
  const outcome = await runProgram(binaries.initdb, options, folders.account);
  if (outcome.code !== 0) {
    throw new EmbeddedPostgresError(`initdb failed in ${folders.stateDir}:\n${outcome.output}`);
  }
}

async function isCluster(pgdata: string): Promise<boolean> {
  const entries = await readdir(pgdata).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return [] as string[];
    if (!hasCode(error, 'EACCES')) throw error;
    throw new EmbeddedPostgresError(
      `${pgdata} belongs to another account. Start Laurel as that account, or set LAUREL_DATA_DIR.`,
    );
  });
  if (entries.length === 0) return false;
  if (entries.includes('PG_VERSION')) return true;
  throw new EmbeddedPostgresError(
    `${pgdata} is not empty, yet holds no PostgreSQL data. Please look into it.`,
  );
}

/** @throws EmbeddedPostgresError when there is none, or it is empty */
export async function readPassword(path: string): Promise<string> {
  try {
    const password = (await readFile(path, 'utf8')).trim();
    if (password !== '') return password;
    throw new Error('it is empty');
  } catch (error) {
    throw new EmbeddedPostgresError(
      `The database's password cannot be read from ${path}: ${(error as Error).message}`,
      { cause: error },
    );
  }
}

/** The password in a file; a new one where there is none yet, or the file cannot be read. */
export async function readOrMakePassword(path: string): Promise<string> {
  return readPassword(path).catch(() => makePassword(path));
}

/** Written aside and renamed: a password file is never seen half-written. */
async function makePassword(path: string): Promise<string> {
  const password = randomBytes(24).toString('base64url');
  const draft = `${path}.new`;
  await writeFile(draft, `${password}\n`, { mode: 0o600 });
  await chmod(draft, 0o600);
  await rename(draft, path);
  return password;
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
