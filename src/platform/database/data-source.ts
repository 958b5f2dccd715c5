import pg from 'pg';
import { DataSource, type DataSourceOptions as DataSourceSettings } from 'typeorm';
import { APPLICATION_ROLE } from '../../../migrations/1764000000001-application-role.js';
import { migrations } from '../../../migrations/index.js';
import { readTimestamp, TIMESTAMPTZ_OID } from './read-timestamp.js';

/** `date` stays the text it is: a Date would move it by the server's zone. */
const DATE_OID = 1082;

export interface DataSourceOptions {
  /** Connections at most; default 10. */
  readonly poolSize?: number;
  readonly entities?: readonly (new () => object)[];
}

/** Where it is noted which migrations ran. */
export const MIGRATIONS_TABLE = 'migrations';

/** Wherever the server stands: instants are read fastest so, and no statement may hang on a server's zone. */
export const IN_UTC = '-c TimeZone=UTC';

/**
 * How long a transaction may stand still. The server then ends it, so that a process that is frozen within one (a
 * stopped container, a paused virtual machine) does not keep the rows and tables that it locked from all others.
 */
const IDLE_TRANSACTION_LIMIT_MS = 30_000;
const NO_IDLE_LOCKS = `-c idle_in_transaction_session_timeout=${IDLE_TRANSACTION_LIMIT_MS}`;

/**
 * The DataSource of the running engine and of its tools: every connection takes the application's role, which cannot
 * rewrite history. The user of `url` should be no more than that either (docs/operations.md#two-roles): a session can
 * leave a role that it took, but not the user it came as.
 */
export function createDataSource(
  url: string,
  { poolSize = 10, entities = [] }: DataSourceOptions = {},
): DataSource {
  return dataSource(url, poolSize, `-c role=${APPLICATION_ROLE} ${IN_UTC} ${NO_IDLE_LOCKS}`, {
    entities: [...entities],
  });
}

/** The DataSource that migrates, as the user of `url`. @param some those that it knows */
export function createMigrationDataSource(url: string, some = migrations): DataSource {
  return dataSource(url, 2, IN_UTC, { migrations: some, migrationsTableName: MIGRATIONS_TABLE });
}

function dataSource(
  url: string,
  poolSize: number,
  options: string,
  parts: Pick<DataSourceSettings, 'entities' | 'migrations' | 'migrationsTableName'>,
): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    ...parts,
    poolSize,
    extra: {
      Client: SturdyClient,
      types: { getTypeParser: typeParser },
      options,
      application_name: 'laurel',
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
    },
  });
}

/**
 * Between the moment the pool hands over a connection and the moment TypeORM listens to it, its errors have no
 * listener, and Node ends the process for such an error. With this listener a broken connection fails at its next
 * query instead.
 */
class SturdyClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}

/** How values of the database are read on every connection. */
export function typeParser(oid: number, format?: 'text' | 'binary'): unknown {
  if (format !== 'binary' && oid === DATE_OID) return (text: string) => text;
  if (format !== 'binary' && oid === TIMESTAMPTZ_OID) return readTimestamp;
  return pg.types.getTypeParser(oid, format);
}
