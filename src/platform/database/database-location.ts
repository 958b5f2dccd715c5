import type { Configuration } from '../config/configuration.js';
import { EmbeddedPostgres } from './embedded/embedded-postgres.js';

/** A database to connect to, and how to let go of the server when it is ours. */
export interface DatabaseLocation {
  /** Of the application's user. */
  readonly url: string;
  /** Of the owner, to migrate with; undefined where only one user was given. */
  readonly migrationUrl: string | undefined;
  readonly embedded: boolean;
  /** Resolves when an embedded server of ours ends though it was not asked to; never otherwise. */
  readonly endedByItself: Promise<void>;
  stop(): Promise<void>;
}

/**
 * The configured database, or the embedded server. The engine owns the embedded server (`start`); a tool joins
 * the one that is running, or starts one for itself (`attach`).
 * @throws EmbeddedPostgresError when the embedded server is in use already or does not come up
 */
export async function locateDatabase(
  { databaseUrl, migrationUrl, dataDir }: Pick<Configuration, 'databaseUrl' | 'migrationUrl' | 'dataDir'>,
  mode: 'start' | 'attach',
): Promise<DatabaseLocation> {
  if (databaseUrl !== undefined) {
    const endedByItself = new Promise<void>(() => undefined);
    return { url: databaseUrl, migrationUrl, embedded: false, endedByItself, stop: () => Promise.resolve() };
  }
  const server =
    mode === 'start'
      ? await EmbeddedPostgres.start({ dataDir })
      : await EmbeddedPostgres.attachOrStart({ dataDir });
  return {
    url: server.applicationUrl,
    migrationUrl: server.ownerUrl,
    embedded: true,
    endedByItself: server.endedByItself,
    stop: () => server.stop(),
  };
}
