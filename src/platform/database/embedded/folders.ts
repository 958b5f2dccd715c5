import { createHash } from 'node:crypto';
import { chmod, lstat, mkdir, realpath, symlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type Account, canEnter, serverAccount } from './account.js';
import { EmbeddedPostgresError } from './embedded-postgres.error.js';

/** Where the pieces of one embedded server are. */
export interface Folders {
  /** The folder the caller named: it holds the log. */
  readonly dataDir: string;
  /** The folder that holds PGDATA, the password and the owner lock; usually the data folder itself. */
  readonly stateDir: string;
  /** PostgreSQL's own folder. */
  readonly pgdata: string;
  readonly log: string;
  readonly password: string;
  /** The password of the application's user. */
  readonly applicationPassword: string;
  readonly ownerLock: string;
  /** The account the server runs as; undefined is our own. */
  readonly account: Account | undefined;
}

/** Where root keeps what an unprivileged account has to reach. */
export const SYSTEM_DIR = '/var/lib/laurel';

/**
 * Makes and finds the folders of the server whose data folder is `dataDir`.
 *
 * Everything lies in `dataDir`, with one exception. Root cannot run PostgreSQL, so an unprivileged account
 * does; if that account cannot enter `dataDir` (a checkout in `/root`, say), PGDATA and the password move to
 * `/var/lib/laurel/<hash of dataDir>` and `dataDir/pgdata` becomes a symbolic link to it. The link is what
 * leads a person, and the next start, to the data: it keeps working when the checkout is moved. Should the
 * link get lost, the hash finds the data again. We never loosen the permissions of a folder we did not make.
 *
 * @throws EmbeddedPostgresError when the link leads nowhere, or when the folders cannot be made
 */
export async function prepareFolders(dataDir: string): Promise<Folders> {
  const folder = resolve(dataDir);
  await makeFolder(folder);
  const link = join(folder, 'pgdata');
  const isLink = (await lstat(link).catch(() => undefined))?.isSymbolicLink() ?? false;
  if (isLink) return at(folder, dirname(await followLink(link)));
  const account = await serverAccount(link);
  const here = await realpath(folder);
  if (await canEnter(here, account)) return at(folder, here);
  return at(folder, await relocate(folder, link, account));
}

/** The folders of a server that has been started before, found without making or changing anything. */
export async function findFolders(dataDir: string): Promise<Folders | undefined> {
  const folder = resolve(dataDir);
  const pgdata = await realpath(join(folder, 'pgdata')).catch(() => undefined);
  if (pgdata !== undefined) return at(folder, dirname(pgdata));
  return realpath(folder).then(
    (here) => at(folder, here),
    () => undefined,
  );
}

async function at(dataDir: string, stateDir: string): Promise<Folders> {
  const pgdata = join(stateDir, 'pgdata');
  return {
    dataDir,
    stateDir,
    pgdata,
    log: join(dataDir, 'postgres.log'),
    password: join(stateDir, 'superuser-password'),
    applicationPassword: join(stateDir, 'application-password'),
    ownerLock: join(stateDir, 'owner.lock'),
    account: await serverAccount(pgdata),
  };
}

async function followLink(link: string): Promise<string> {
  try {
    return await realpath(link);
  } catch (error) {
    throw new EmbeddedPostgresError(
      `The database of this folder was kept elsewhere, but ${link} now leads nowhere. ` +
        'Restore what it points to, or remove the link to begin with an empty database.',
      { cause: error },
    );
  }
}

async function relocate(dataDir: string, link: string, account: Account | undefined): Promise<string> {
  const key = createHash('sha256').update(dataDir).digest('hex').slice(0, 12);
  const stateDir = join(SYSTEM_DIR, key);
  try {
    await makeFolder(SYSTEM_DIR);
    await makeFolder(stateDir);
    // The link must lead somewhere before initdb runs; an empty folder is what initdb accepts.
    await makeFolder(join(stateDir, 'pgdata'), 0o700);
    if (!(await canEnter(stateDir, account))) throw new Error(`${stateDir} cannot be entered either`);
    await symlink(join(stateDir, 'pgdata'), link);
    return await realpath(stateDir);
  } catch (error) {
    throw new EmbeddedPostgresError(
      `PostgreSQL refuses to run as root, and the account ${account?.name} that runs it instead cannot enter ` +
        `${dataDir}. Set LAUREL_DATA_DIR to a folder outside of private home folders. (${String(error)})`,
      { cause: error },
    );
  }
}

/** Makes a folder that others can pass through but not list; an existing folder keeps its permissions. */
async function makeFolder(folder: string, mode = 0o711): Promise<void> {
  const made = await mkdir(folder, { recursive: true });
  if (made === undefined) return;
  // mkdir's mode is cut by the umask. Parents that had to be made must let the account through as well.
  for (let path = folder; path.length >= made.length; path = dirname(path)) await chmod(path, mode);
}
