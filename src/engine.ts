import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import type { DataSource } from 'typeorm';
import { AppModule, entities } from './app.module.js';
import type { Clock } from './kernel/time.js';
import { installDocs } from './openapi.js';
import { beginShardThread } from './shard-thread.js';
import { ThreadedSimulator } from './simulation-thread.js';
import type { AnchorSigning } from './integrity/index.js';
import { Relay } from './platform/bus/relay.js';
import {
  CONNECTIONS_PER_SHARD_THREAD,
  DEFAULT_CONNECTIONS,
  DEFAULT_CONNECTIONS_PER_CLIENT,
  DEFAULT_CACHED_ACCOUNTS,
  type Configuration,
} from './platform/config/configuration.js';
import { systemClock } from './platform/clock/system-clock.js';
import { createDataSource } from './platform/database/data-source.js';
import { rolesThatRewriteHistory } from './platform/database/history-guard.query.js';
import { migrate } from './platform/database/migrate.js';
import { shedLoad } from './platform/http/admission.js';
import { installBodyParsers, MAX_BODY_BYTES, refuseOtherTexts } from './platform/http/body-parser.js';
import { limitConnections } from './platform/http/connection-limits.js';
import { preventPollStarvation } from './platform/http/event-loop.js';
import {
  answerClientError,
  answerRouterError,
  ignoreUnknownExpectations,
  SERVER_OPTIONS,
} from './platform/http/protocol-errors.js';
import { answerRequestIds, requestIdOf } from './platform/http/request-id.js';
import { enforceDeadlines } from './platform/http/request-deadlines.js';
import { UuidV7Source } from './platform/ids/uuid-v7-source.js';
import { Scheduler } from './platform/jobs/scheduler.js';
import { Metrics } from './platform/observability/metrics.js';
import { PinoLogger } from './platform/observability/pino-logger.js';
import { Pipeline, type EngineDefinition } from './platform/pipeline/index.js';

/** How long an idle connection is kept. */
const KEEP_ALIVE_MS = 65_000;
/**
 * Connections that may wait to be accepted; Linux takes no more by default (net.core.somaxconn). Beyond them the kernel
 * drops a new connection, and the client tries again after 1, 3 and 7 seconds.
 */
const BACKLOG = 4_096;
/** How often a server that is closing looks for connections that have become idle. */
const CLOSE_IDLE_MS = 100;

export interface Engine {
  readonly app: NestFastifyApplication;
  readonly dataSource: DataSource;
  /** Listens. @returns the address. @throws Error EADDRINUSE when the port is busy. */
  listen(): Promise<string>;
  /** Answers what was accepted, stops the jobs, closes the connections. */
  close(): Promise<void>;
}

export type EngineSettings = Pick<
  Configuration,
  'host' | 'port' | 'logLevel' | 'shards' | 'queueLimit' | 'poolSize'
> & {
  /** Of the application's user. */
  readonly databaseUrl: string;
  /** Of the owner of the schema, who migrates; default the application's, which must own it or find it up to date. */
  readonly migrationUrl?: string | undefined;
  /** Accounts each shard keeps in memory; default that of the configuration. */
  readonly cachedAccounts?: number;
  /** Whether each shard has a thread of its own, which takes neither a clock nor rules from here; default false. */
  readonly shardThreads?: boolean;
  /** Whether a simulation has a thread of its own, likewise; default false. */
  readonly simulationThreads?: boolean;
  /** HTTP connections, in all and from one address (0: no bound); default those of the configuration. */
  readonly connections?: number;
  readonly connectionsPerClient?: number;
  readonly clock?: Clock;
  /** The key that signs anchors; without one they are unsigned. */
  readonly anchorSigning?: AnchorSigning;
  /** What decides; default everything there is. */
  readonly definition?: EngineDefinition;
  /** Whether it runs the relay and the jobs; default true. */
  readonly background?: boolean;
  /** Whether it serves its documentation at /docs; default true. */
  readonly docs?: boolean;
};

/** Brings the database to the newest schema and puts the engine together on it; does not listen yet. */
export async function createEngine(settings: EngineSettings): Promise<Engine> {
  const {
    databaseUrl,
    clock = systemClock,
    background = true,
    docs = true,
    poolSize,
    shards,
    queueLimit,
    cachedAccounts = DEFAULT_CACHED_ACCOUNTS,
    shardThreads = false,
  } = settings;
  if (shardThreads && (settings.clock || settings.definition))
    throw new Error('shards in threads of their own have the clock of the system and all the rules');
  await migrate(settings.migrationUrl ?? databaseUrl);
  const dataSource = await createDataSource(databaseUrl, {
    entities,
    poolSize: shardThreads ? poolSize - shards * CONNECTIONS_PER_SHARD_THREAD : poolSize,
  }).initialize();
  const logger = new PinoLogger(pino({ level: settings.logLevel, name: 'laurel' }));
  const rewriters = await rolesThatRewriteHistory(dataSource);
  if (rewriters.length > 0) logger.warn(historyUnguarded(rewriters));
  const adapter = new FastifyAdapter({
    bodyLimit: MAX_BODY_BYTES,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: 'idle',
    // What still comes in on open connections is answered by us, as everything else.
    return503OnClosing: false,
    routerOptions: { maxParamLength: 200 },
    genReqId: requestIdOf,
    http: SERVER_OPTIONS,
    frameworkErrors: answerRouterError,
    clientErrorHandler: answerClientError,
  });
  const module = AppModule.with({
    dataSource,
    clock,
    ids: new UuidV7Source(clock),
    shards,
    shardThread: shardThreads
      ? (shard) => beginShardThread({ databaseUrl, shard, cachedAccounts })
      : undefined,
    queueLimit,
    cachedAccounts,
    background,
    anchorSigning: settings.anchorSigning,
    definition: settings.definition,
    simulator: settings.simulationThreads ? new ThreadedSimulator(databaseUrl) : undefined,
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger,
    bodyParser: false,
    abortOnError: false,
  });
  installEdge(app, adapter, settings);
  const closing = closeConnectionsOnShutdown(adapter);
  if (docs) installDocs(app);
  countDeliveries(app);
  return {
    app,
    dataSource,
    listen: async () => {
      await app.listen({ port: settings.port, host: settings.host, backlog: BACKLOG });
      const { port } = app.getHttpServer().address() as AddressInfo;
      return `http://${settings.host.includes(':') ? `[${settings.host}]` : settings.host}:${port}`;
    },
    close: async () => {
      closing.begin();
      await Promise.all([app.get(Relay).stop(), ...(background ? [app.get(Scheduler).stop()] : [])]);
      // A stream that began before keeps its connection alive; the server closes idle ones only once by itself.
      const idle = setInterval(() => app.getHttpServer().closeIdleConnections(), CLOSE_IDLE_MS);
      await app.close().finally(() => clearInterval(idle));
      await app.get(Pipeline).close();
      await dataSource.destroy();
    },
  };
}

/** What stands before the routes: request ids, parsers, and the limits that protect the process from its clients. */
function installEdge(app: NestFastifyApplication, adapter: FastifyAdapter, settings: EngineSettings): void {
  const fastify = adapter.getInstance();
  answerRequestIds(fastify);
  installBodyParsers(fastify);
  enforceDeadlines(fastify);
  refuseOtherTexts(fastify);
  limitConnections(fastify.server, {
    total: settings.connections ?? DEFAULT_CONNECTIONS,
    perClient: settings.connectionsPerClient ?? DEFAULT_CONNECTIONS_PER_CLIENT,
    onRefused: () => app.get(Metrics).connectionRefused(),
  });
  shedLoad(fastify.server, app.get(Pipeline));
  ignoreUnknownExpectations(fastify.server);
  preventPollStarvation(fastify.server);
}

/** Existing installations have one user for everything and keep starting; each start logs a warning. */
function historyUnguarded(roles: readonly string[]): string {
  return (
    `History is not guarded: the user of DATABASE_URL can change and delete movements as ${roles.join(', ')}. ` +
    'Give the engine a user of its own and set LAUREL_MIGRATION_URL to the owner: docs/operations.md#two-roles'
  );
}

/**
 * Answers that are sent once the shutdown began ask for their connection to be closed; kept alive, it would
 * hold the process up until the client lets go.
 */
function closeConnectionsOnShutdown(adapter: FastifyAdapter): { begin(): void } {
  let begun = false;
  adapter.getInstance().addHook('onSend', (_request, reply, payload, done) => {
    if (begun) reply.header('connection', 'close');
    done(null, payload);
  });
  return { begin: () => void (begun = true) };
}

/** The first listener: it shows on /metrics that events leave the log. */
function countDeliveries(app: NestFastifyApplication): void {
  const metrics = app.get(Metrics);
  app.get(Relay).listen({
    name: 'metrics',
    handle: (event) => {
      metrics.eventDelivered(event.type);
      return Promise.resolve();
    },
  });
}
