import { bootstrap } from './demo/bootstrap.js';
import { welcome } from './demo/welcome.js';
import { createEngine, type Engine } from './engine.js';
import { anchorSigning } from './integrity/index.js';
import {
  ConfigurationError,
  parseConfiguration,
  type Configuration,
} from './platform/config/configuration.js';
import { locateDatabase } from './platform/database/database-location.js';

/** A shutdown that takes longer than this is cut off; what was answered is committed by then. */
const SHUTDOWN_LIMIT_MS = 30_000;

/** Starts everything and stops it again on SIGINT or SIGTERM. */
async function main(): Promise<void> {
  const configuration = parseConfiguration(process.env, process.cwd());
  const database = await locateDatabase(configuration, 'start');
  let engine: Engine | null = null;
  let stopping: Promise<void> | null = null;
  const stop = (): Promise<void> =>
    (stopping ??= (async () => {
      setTimeout(() => process.exit(1), SHUTDOWN_LIMIT_MS).unref();
      await engine?.close();
      await database.stop();
    })());
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => void stop().then(() => process.exit(0)));
  }
  void database.endedByItself.then(() => {
    process.stderr.write(
      'The embedded PostgreSQL ended by itself, so the engine ends, too: see postgres.log.\n',
    );
    void stop().then(() => process.exit(1));
  });
  try {
    const signing = await anchorSigning(configuration.anchorKey, configuration.dataDir);
    const { url: databaseUrl, migrationUrl } = database;
    engine = await createEngine({
      ...configuration,
      ...{ databaseUrl, migrationUrl, anchorSigning: signing, simulationThreads: true },
    });
    const bootstrapped = await bootstrap(engine.app, configuration, database.embedded);
    process.stdout.write(welcome(await engine.listen(), bootstrapped));
  } catch (error) {
    await stop();
    throw new Error(explain(error, configuration), { cause: error });
  }
}

/** An operator's sentence for what commonly keeps a server from starting. */
function explain(error: unknown, { host, port }: Configuration): string {
  const { code } = (error ?? {}) as { code?: string };
  const message = error instanceof Error ? error.message : String(error);
  if (code === 'EADDRINUSE')
    return `Port ${port} on ${host} is in use. Choose another one: PORT=3001 npm start`;
  if (code === 'EACCES')
    return `This user may not listen on port ${port}. Choose one above 1023: PORT=3000 npm start`;
  if (code === 'ECONNREFUSED' || code === 'ENOTFOUND')
    return `The database at DATABASE_URL does not answer: ${message}`;
  return message;
}

main().catch((error: unknown) => {
  const text =
    error instanceof ConfigurationError
      ? `The environment is not right:\n${error.message}`
      : messageOf(error);
  process.stderr.write(`${text}\n`);
  process.exit(1);
});

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause =
    error.cause instanceof Error && process.env['LAUREL_LOG_LEVEL'] === 'debug'
      ? `\n${error.cause.stack}`
      : '';
  return `Laurel could not start. ${error.message}${cause}`;
}
