import { readFile, stat } from 'node:fs/promises';
import { EmbeddedPostgresError, hasCode } from './embedded-postgres.error.js';
import { type Identity, runProgram } from './run-program.js';

/** An operating-system account that the server runs as when we are root. */
export interface Account extends Identity {
  readonly name: string;
}

const CANDIDATES = ['postgres', 'nobody'];

/**
 * The account of the operating system under which the server runs: `undefined` means our own.
 *
 * PostgreSQL refuses to run as root. Then it runs as the owner of existing data (a plain user may have made the data
 * before `sudo` was used), else as `postgres`, else as `nobody`.
 *
 * @param pgdata the server's data folder, which need not exist yet
 * @throws EmbeddedPostgresError when we are root and there is no other account
 */
export async function serverAccount(pgdata: string): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await ownerOf(pgdata);
  if (owner !== undefined) return owner;
  const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '');
  for (const name of CANDIDATES) {
    const account = parsePasswd(passwd, name);
    if (account !== undefined) return account;
  }
  throw new EmbeddedPostgresError(
    `PostgreSQL refuses to run as root, and /etc/passwd has neither of the accounts ${CANDIDATES.join(', ')} ` +
      'to run it as. Start Laurel as a plain user, add an account "postgres", or set DATABASE_URL.',
  );
}

/** Can this account enter the folder? Asked of the system itself, so that ACLs and mounts count as well. */
export async function canEnter(folder: string, account: Account | undefined): Promise<boolean> {
  if (account === undefined) return true;
  const outcome = await runProgram('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], account);
  return outcome.code === 0;
}

async function ownerOf(folder: string): Promise<Account | undefined> {
  try {
    const { uid, gid } = await stat(folder);
    return uid === 0 ? undefined : { name: `uid ${uid}`, uid, gid };
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function parsePasswd(passwd: string, name: string): Account | undefined {
  const fields = passwd
    .split('\n')
    .map((line) => line.split(':'))
    .find((line) => line[0] === name);
  const uid = Number(fields?.[2]);
  const gid = Number(fields?.[3]);
  if (!Number.isInteger(uid) || !Number.isInteger(gid) || uid <= 0) return undefined;
  return { name, uid, gid };
}
