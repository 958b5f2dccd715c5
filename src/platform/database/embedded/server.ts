import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, renameSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Binaries } from './binaries.js';
import { EmbeddedPostgresError } from './embedded-postgres.error.js';
import type { Folders } from './folders.js';
import type { EmbeddedLogger } from './logger.js';
import { logTail } from './log-tail.js';
import { waitUntilReady } from './readiness.js';
import { identityOptions, rootFolder, runProgram, serverEnvironment } from './run-program.js';
import { type ServerSettings, settingArguments } from './settings.js';

/** A killed server's orphans may hold its shared memory for a while: a minute altogether. */
const START_ATTEMPTS = 40;
const RETRY_DELAY_MS = 1500;
const LOG_LIMIT_BYTES = 10 * 1024 * 1024;
/** Time for connections to be cut and the final checkpoint to be written. */
const FAST_SHUTDOWN_MS = 60_000;
const IMMEDIATE_SHUTDOWN_MS = 5_000;
/** Start-up failures that another attempt cures: a port lost to a race, a predecessor's last breath. */
const PASSING =
  /could not bind|Address already in use|could not create any TCP\/IP|shared memory block|lock file/i;

/** A running `postgres` that we started. */
export class ServerProcess {
  private stopping: Promise<void> | undefined;
  private exited = false;
  readonly exit: Promise<void>;
  /** Resolves when the server ends though it was not asked to; never otherwise. */
  readonly endedByItself: Promise<void>;

  private constructor(
    readonly port: number,
    private readonly child: ChildProcess,
    private readonly folders: Folders,
    private readonly binaries: Binaries,
  ) {
    this.exit = new Promise((resolve) => {
      const ended = () => {
        this.exited = true;
        resolve();
      };
      child.once('exit', ended);
      child.once('error', ended);
    });
    this.endedByItself = new Promise((resolve) => {
      void this.exit.then(() => {
        if (this.stopping === undefined) resolve();
      });
    });
    process.once('exit', this.abandon);
  }

  /**
   * Starts the server on a free loopback port and waits until it takes connections.
   *
   * @throws EmbeddedPostgresError with the end of the server's log
   */
  static async start(
    folders: Folders,
    binaries: Binaries,
    settings: ServerSettings,
    password: string,
    logger: EmbeddedLogger,
  ): Promise<ServerProcess> {
    for (let attempt = 1; ; attempt++) {
      const server = ServerProcess.spawn(folders, binaries, settings, await freePort());
      try {
        await waitUntilReady({ port: server.port, password, hasExited: () => server.exited });
        server.watch(logger);
        return server;
      } catch (error) {
        await server.stop();
        const tail = await logTail(folders.log);
        if (attempt < START_ATTEMPTS && PASSING.test(tail)) {
          logger.warn('The embedded PostgreSQL could not start yet, trying again');
          await sleep(RETRY_DELAY_MS);
          continue;
        }
        throw new EmbeddedPostgresError(
          `The embedded PostgreSQL did not start: ${(error as Error).message}\n` +
            `The end of ${folders.log}:\n${tail}`,
          { cause: error },
        );
      }
    }
  }

  /** Stops fast but cleanly, harder if that takes too long. May be called any number of times. */
  stop(): Promise<void> {
    this.stopping ??= this.shutDown();
    return this.stopping;
  }

  /**
   * Detached: in a session of its own the server does not get the terminal's Ctrl-C, so it outlives the
   * application's draining. The log file is opened by us, so the account needs no right to it.
   */
  private static spawn(folders: Folders, binaries: Binaries, settings: ServerSettings, port: number) {
    const log = openLog(folders.log);
    try {
      const child = spawn(binaries.postgres, ['-D', folders.pgdata, ...settingArguments(settings, port)], {
        cwd: rootFolder(),
        env: serverEnvironment(),
        stdio: ['ignore', log, log],
        detached: true,
        windowsHide: true,
        ...identityOptions(folders.account),
      });
      child.unref();
      return new ServerProcess(port, child, folders, binaries);
    } finally {
      closeSync(log);
    }
  }

  /** Our process ends without stop() having been called: ask for a clean shutdown, there is no waiting here. */
  private readonly abandon = () => {
    if (!this.exited) this.child.kill('SIGINT');
  };

  private watch(logger: EmbeddedLogger): void {
    void this.endedByItself.then(() =>
      logger.error(`The embedded PostgreSQL stopped by itself; see ${this.folders.log}`),
    );
  }

  private async shutDown(): Promise<void> {
    if (!this.exited) {
      await this.askToStop();
      if (!(await this.exitsWithin(FAST_SHUTDOWN_MS))) {
        this.child.kill('SIGQUIT');
        if (!(await this.exitsWithin(IMMEDIATE_SHUTDOWN_MS))) this.child.kill('SIGKILL');
        await this.exit;
      }
    }
    process.off('exit', this.abandon);
  }

  /** Windows has no SIGINT to send; pg_ctl has a way of its own there. */
  private async askToStop(): Promise<void> {
    if (process.platform !== 'win32') this.child.kill('SIGINT');
    else
      await runProgram(this.binaries.pg_ctl, ['stop', '-D', this.folders.pgdata, '-m', 'fast', '--no-wait']);
  }

  private async exitsWithin(limitMs: number): Promise<boolean> {
    const cancel = new AbortController();
    const timeout = sleep(limitMs, false, { signal: cancel.signal }).catch(() => false);
    const inTime = await Promise.race([this.exit.then(() => true), timeout]);
    cancel.abort();
    return inTime;
  }
}

/** Appends to the log; an overgrown one is kept once, as `.1`. */
function openLog(path: string): number {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LOG_LIMIT_BYTES) renameSync(path, `${path}.1`);
  return openSync(path, 'a', 0o640);
}

/** A free port. Another program may take it before the server does; the start is then repeated. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
