import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { EmbeddedPostgresError, hasCode } from './embedded-postgres.error.js';
import { identityOfProcess, isAlive, type ProcessIdentity } from './process-identity.js';

/** The content of the lock file: which process owns the server, and where it listens once it is up. */
export interface Owner extends ProcessIdentity {
  readonly port?: number;
}

const ATTEMPTS = 5;

/**
 * The claim of one process on one data folder. Advisory: PostgreSQL's own postmaster.pid remains the last
 * line of defence. Process ids are compared within one pid namespace, so two containers must not share a
 * data folder at the same time.
 */
export class OwnerLock {
  private constructor(
    private readonly path: string,
    private readonly identity: ProcessIdentity,
  ) {}

  /**
   * Takes the lock, from a dead owner if need be.
   *
   * @throws EmbeddedPostgresError "already in use by process N" when its owner is alive
   */
  static async take(path: string): Promise<OwnerLock> {
    const identity = (await identityOfProcess(process.pid)) ?? { pid: process.pid, startedAt: '' };
    const lock = new OwnerLock(path, identity);
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (await lock.create()) return lock;
      const text = await readText(path);
      const owner = parseOwner(text);
      if (owner !== undefined && (await isAlive(owner))) throw inUse(path, owner);
      if (text !== undefined) await lock.remove(text);
    }
    throw new EmbeddedPostgresError(`${path} keeps changing hands; another process is starting. Try again.`);
  }

  /** The owner named in the lock file if that process is alive. */
  static async livingOwner(path: string): Promise<Owner | undefined> {
    const owner = parseOwner(await readText(path));
    return owner !== undefined && (await isAlive(owner)) ? owner : undefined;
  }

  /** Tells other processes where the server listens. */
  async publish(port: number): Promise<void> {
    const draft = this.draftPath();
    await writeFile(draft, JSON.stringify({ ...this.identity, port } satisfies Owner), { mode: 0o600 });
    await rename(draft, this.path);
  }

  async release(): Promise<void> {
    const owner = parseOwner(await readText(this.path));
    const ours = owner?.pid === this.identity.pid && owner.startedAt === this.identity.startedAt;
    if (ours) await rm(this.path, { force: true });
  }

  /** Makes the lock file appear with its content in one step; false when there is one already. */
  private async create(): Promise<boolean> {
    const draft = this.draftPath();
    await writeFile(draft, JSON.stringify(this.identity), { mode: 0o600 });
    try {
      await link(draft, this.path).catch((error: unknown) => {
        // Some file systems have no hard links.
        if (!hasCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS')) throw error;
        return copyFile(draft, this.path, constants.COPYFILE_EXCL);
      });
      return true;
    } catch (error) {
      if (hasCode(error, 'EEXIST')) return false;
      throw error;
    } finally {
      await rm(draft, { force: true });
    }
  }

  /**
   * Removes a dead owner's file, and only that one: it is moved aside first, because between reading it and
   * removing it another process may have put its own in place.
   */
  private async remove(deadText: string): Promise<void> {
    const aside = this.draftPath();
    try {
      await rename(this.path, aside);
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return;
      throw error;
    }
    if ((await readText(aside)) !== deadText) await link(aside, this.path).catch(() => undefined);
    await rm(aside, { force: true });
  }

  private draftPath(): string {
    return `${this.path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  }
}

function inUse(path: string, owner: Owner): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    `The embedded database is already in use by process ${owner.pid} (says ${path}). ` +
      'Stop that process, or set LAUREL_DATA_DIR to another folder.',
  );
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function parseOwner(text: string | undefined): Owner | undefined {
  try {
    const owner = JSON.parse(text ?? '') as Partial<Owner> | null;
    if (!Number.isInteger(owner?.pid) || typeof owner?.startedAt !== 'string') return undefined;
    return owner as Owner;
  } catch {
    return undefined;
  }
}
