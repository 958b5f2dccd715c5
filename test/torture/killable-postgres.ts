import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import {
  EmbeddedPostgres,
  type RunningPostgres,
} from '../../src/platform/database/embedded/embedded-postgres.js';
import { FOLDER_PREFIX, reachableTemporaryFolder, sweepLeftovers } from '../harness/test-server.js';
import type { SeededRandom } from './seeded-random.js';

const execute = promisify(execFile);
/** A killed process is gone at once; what takes longer is a machine in trouble. */
const DEATH_LIMIT_MS = 60_000;
/** Orphans may be in the middle of a recovery, and finish a checkpoint before they look up. */
const START_LIMIT_MS = 120_000;
const STILL_IN_USE = /shared memory block .* is still in use/;

/**
 * An embedded PostgreSQL of one's own in a temporary folder, to be killed without warning and started again. It has
 * the settings it has under an engine: it writes durably.
 */
export class KillablePostgres {
  private constructor(
    private readonly dataDir: string,
    private running: RunningPostgres,
  ) {}

  static async start(): Promise<KillablePostgres> {
    const parent = await reachableTemporaryFolder();
    await sweepLeftovers(parent);
    const dataDir = await mkdtemp(join(parent, `${FOLDER_PREFIX}torture-`));
    await chmod(dataDir, 0o711);
    try {
      return new KillablePostgres(dataDir, await EmbeddedPostgres.start({ dataDir }));
    } catch (error) {
      await rm(dataDir, { recursive: true, force: true });
      throw error;
    }
  }

  /** What engines connect with. Changes with each start. */
  get applicationUrl(): string {
    return this.running.applicationUrl;
  }

  /** Changes with each start. */
  get ownerUrl(): string {
    return this.running.ownerUrl;
  }

  get port(): number {
    return this.running.port;
  }

  /** SIGKILL to the server and all of its processes at once, as when the machine stops. */
  async killAll(): Promise<void> {
    const pid = await this.postmaster();
    const all = [pid, ...(await childrenOf(pid))];
    for (const each of all) kill(each);
    await this.buried();
  }

  /** SIGKILL to the server's first process only; the others find out by themselves, in the middle of their work. */
  async killPostmaster(): Promise<void> {
    kill(await this.postmaster());
    await this.buried();
  }

  /** SIGKILL to one of the server's other processes, whereupon the server recovers by itself as after a crash. */
  async killChild(random: SeededRandom): Promise<void> {
    const children = await childrenOf(await this.postmaster());
    if (children.length > 0) kill(random.pick(children));
  }

  /**
   * Starts the server again on its data, on another port; as a service manager does, again where the orphans of a
   * killed first process still have the data in their hands.
   *
   * @throws EmbeddedPostgresError with the end of its log
   */
  async startAgain(): Promise<void> {
    const deadline = performance.now() + START_LIMIT_MS;
    for (;;) {
      try {
        this.running = await EmbeddedPostgres.start({ dataDir: this.dataDir });
        return;
      } catch (error) {
        if (!STILL_IN_USE.test(String(error)) || performance.now() > deadline) throw error;
      }
    }
  }

  /** Stops it and removes its folder. */
  async remove(): Promise<void> {
    await this.running.stop().finally(() => rm(this.dataDir, { recursive: true, force: true }));
  }

  private async postmaster(): Promise<number> {
    const text = await readFile(join(this.running.stateDir, 'pgdata', 'postmaster.pid'), 'utf8');
    return Number(text.split('\n')[0]);
  }

  /** Waits until its end was noticed, and gives the data folder free for the next start. */
  private async buried(): Promise<void> {
    const late = sleep(DEATH_LIMIT_MS, 'late', { ref: false });
    const outcome = await Promise.race([this.running.stop(), late]);
    if (outcome === 'late') throw new Error('the killed server is still there');
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself meanwhile.
  }
}

/** The processes whose parent this is. */
async function childrenOf(parent: number): Promise<number[]> {
  const pairs = process.platform === 'linux' ? await parentsFromProc() : await parentsFromPs();
  return pairs.filter(([, of]) => of === parent).map(([pid]) => pid);
}

async function parentsFromProc(): Promise<(readonly [pid: number, parent: number])[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const parentOf = async (pid: number) => {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    // The name in parentheses may itself hold spaces and parentheses; the state and the parent follow it.
    return [pid, Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])] as const;
  };
  return Promise.all(pids.map(parentOf));
}

async function parentsFromPs(): Promise<(readonly [pid: number, parent: number])[]> {
  const { stdout } = await execute('ps', ['-A', '-o', 'pid=,ppid=']);
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
}
