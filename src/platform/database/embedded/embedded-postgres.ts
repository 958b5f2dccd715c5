import { setTimeout as sleep } from 'node:timers/promises';
import { findBinaries } from './binaries.js';
import { ensureCluster, readOrMakePassword, readPassword } from './cluster.js';
import { EmbeddedPostgresError } from './embedded-postgres.error.js';
import { findFolders, type Folders, prepareFolders, SYSTEM_DIR } from './folders.js';
import { OwnerLock } from './lock.js';
import { type EmbeddedLogger, SILENT_LOGGER } from './logger.js';
import { stopOrphan } from './orphan.js';
import { APPLICATION_LOGIN, databaseUrl, ensureApplicationLogin, ensureDatabase } from './readiness.js';
import { ServerProcess } from './server.js';
import { isDurable, type ServerSettings } from './settings.js';

export interface EmbeddedPostgresOptions {
  /** The folder of the data; made when missing. See `prepareFolders` for what happens to it under root. */
  readonly dataDir: string;
  /** PostgreSQL settings on top of the durable, modest defaults. */
  readonly settings?: ServerSettings;
  readonly logger?: EmbeddedLogger;
}

export interface RunningPostgres {
  /** URL of the database `laurel` for its owner, a superuser that runs migrations; contains the password. */
  readonly applicationUrl: string;
  /** URL of the database `laurel` for its owner, a superuser, who migrates; holds the password. */
  readonly ownerUrl: string;
  /** May differ from one start to the next. */
  readonly port: number;
  /** The folder that really holds the data; under root it may lie outside the data folder. */
  readonly stateDir: string;
  /** Resolves when the server of this process ends though it was not asked to; never otherwise. */
  readonly endedByItself: Promise<void>;
  /** Stops the server if it is ours to stop, and waits for its end. May be called more than once. */
  stop(): Promise<void>;
}

const DATABASE = 'laurel';
const PUBLISH_LIMIT_MS = 150_000;
const POLL_MS = 100;

/** A real PostgreSQL out of npm packages, for machines without one: it needs no installation and no root. */
export const EmbeddedPostgres = {
  /**
   * Starts the server on `dataDir`, making the database at the first start. This process owns it then.
   *
   * A server left over from an owner that was killed is stopped cleanly first.
   *
   * @throws EmbeddedPostgresError when a living process owns the folder, the platform is not supported, or
   *   the server does not come up (with the end of its log)
   */
  async start(options: EmbeddedPostgresOptions): Promise<RunningPostgres> {
    const folders = await prepareFolders(options.dataDir);
    const lock = await OwnerLock.take(folders.ownerLock);
    try {
      const { server, passwords } = await startServer(folders, options, lock);
      return {
        ...urls(server.port, passwords),
        port: server.port,
        stateDir: folders.stateDir,
        endedByItself: server.endedByItself,
        stop: async () => {
          await server.stop();
          await lock.release();
        },
      };
    } catch (error) {
      await lock.release();
      throw error;
    }
  },

  /**
   * For command-line tools: joins the server of a running engine (whose `stop()` then does nothing), or
   * starts one when no engine runs.
   *
   * @throws EmbeddedPostgresError as `start` does, or when the owner does not get its server up in time
   */
  async attachOrStart(options: EmbeddedPostgresOptions): Promise<RunningPostgres> {
    const folders = await findFolders(options.dataDir);
    const port = folders === undefined ? undefined : await portOfOwner(folders);
    if (folders === undefined || port === undefined) return EmbeddedPostgres.start(options);
    const owner = await readPassword(folders.password);
    const application = await readPassword(folders.applicationPassword);
    return {
      ...urls(port, { owner, application }),
      port,
      stateDir: folders.stateDir,
      endedByItself: new Promise(() => undefined),
      stop: () => Promise.resolve(),
    };
  },
};

interface Passwords {
  readonly owner: string;
  readonly application: string;
}

function urls(
  port: number,
  { owner, application }: Passwords,
): Pick<RunningPostgres, 'applicationUrl' | 'ownerUrl'> {
  return {
    applicationUrl: databaseUrl(port, application, DATABASE, APPLICATION_LOGIN),
    ownerUrl: databaseUrl(port, owner, DATABASE),
  };
}

async function startServer(
  folders: Folders,
  options: EmbeddedPostgresOptions,
  lock: OwnerLock,
): Promise<{ server: ServerProcess; passwords: Passwords }> {
  const { settings = {}, logger = SILENT_LOGGER } = options;
  const copyRoots = folders.account === undefined ? [folders.stateDir] : [SYSTEM_DIR, folders.stateDir];
  const binaries = await findBinaries(folders.account, copyRoots);
  await stopOrphan(folders.pgdata, logger);
  const password = await ensureCluster(folders, binaries, isDurable(settings));
  const application = await readOrMakePassword(folders.applicationPassword);
  const server = await ServerProcess.start(folders, binaries, settings, password, logger);
  try {
    await ensureDatabase(server.port, password, DATABASE);
    await ensureApplicationLogin(server.port, password, application);
    await lock.publish(server.port);
  } catch (error) {
    await server.stop();
    throw error;
  }
  logger.info(
    `The embedded PostgreSQL listens on 127.0.0.1:${server.port}, its data is in ${folders.stateDir}`,
  );
  return { server, passwords: { owner: password, application } };
}

/** The living owner's port, waiting for it while its server is still starting; undefined without an owner. */
async function portOfOwner(folders: Folders): Promise<number | undefined> {
  const deadline = performance.now() + PUBLISH_LIMIT_MS;
  for (;;) {
    const owner = await OwnerLock.livingOwner(folders.ownerLock);
    if (owner === undefined) return undefined;
    if (owner.port !== undefined) return owner.port;
    if (performance.now() > deadline) {
      throw new EmbeddedPostgresError(`Process ${owner.pid} has not got its embedded database up in time.`);
    }
    await sleep(POLL_MS);
  }
}
