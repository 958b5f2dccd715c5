import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { backup } from '../../src/cli/backup/backup.js';
import { restore } from '../../src/cli/backup/restore.js';
import { urlOfDatabase } from '../harness/server-url.js';
import type { Violations } from './book.js';
import type { KillablePostgres } from './killable-postgres.js';
import type { Tally } from './tally.js';

const PAUSE_MS = 3_000;
const COPY = 'torture_copy';

/** Makes backups in the middle of storms, and restores the last one of each storm when it is over. */
export class Backups {
  private last: string | null = null;
  private made = 0;

  private constructor(
    private readonly postgres: KillablePostgres,
    private readonly folder: string,
  ) {}

  static async in(postgres: KillablePostgres): Promise<Backups> {
    return new Backups(postgres, await mkdtemp(join(tmpdir(), 'laurel-torture-')));
  }

  async run(stopped: AbortSignal): Promise<void> {
    while (!stopped.aborted) {
      await sleep(PAUSE_MS, undefined, { signal: stopped }).catch(() => undefined);
      const path = join(this.folder, `${(this.made += 1)}.gz`);
      // The server may be killed meanwhile; a backup that ends well is whole.
      const { code } = await this.call(backup, [path, '--without-keys'], this.postgres).catch(() => ({
        code: 1,
      }));
      if (code !== 0) continue;
      if (this.last !== null) await rm(this.last, { force: true });
      this.last = path;
    }
  }

  /** Restores the last backup into a database of its own, which has it verified. */
  async check(violations: Violations, { checks }: Tally): Promise<void> {
    if (this.last === null) return;
    const { ownerUrl, applicationUrl } = this.postgres;
    const client = new pg.Client({ connectionString: ownerUrl });
    await client.connect();
    try {
      await client.query(`CREATE DATABASE ${COPY}`);
      const copy = {
        ownerUrl: urlOfDatabase(ownerUrl, COPY),
        applicationUrl: urlOfDatabase(applicationUrl, COPY),
      };
      const { code, out } = await this.call(restore, [this.last], copy);
      if (code !== 0) violations.add(`a backup of the storm does not restore: ${out}`);
      checks.backupsRestored += 1;
    } finally {
      await client.query(`DROP DATABASE IF EXISTS ${COPY} WITH (FORCE)`);
      await client.end();
      await rm(this.last, { force: true });
      this.last = null;
    }
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  private async call(
    command: typeof backup | typeof restore,
    args: string[],
    urls: { readonly applicationUrl: string; readonly ownerUrl: string },
  ): Promise<{ readonly code: number; readonly out: string }> {
    const stdout = new PassThrough();
    const env = {
      DATABASE_URL: urls.applicationUrl,
      LAUREL_MIGRATION_URL: urls.ownerUrl,
      LAUREL_DATA_DIR: this.folder,
    };
    const code = await command(args, env, { stdout });
    return { code, out: String(stdout.read() ?? '') };
  }
}
