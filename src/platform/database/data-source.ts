import pg from 'pg';
import { DataSource } from 'typeorm';
import { APPLICATION_ROLE } from '../../../migrations/1764000000001-application-role.js';
import { migrations } from '../../../migrations/index.js';
import { readTimestamp, TIMESTAMPTZ_OID } from './read-timestamp.js';

/** `date` stays the text it is: a Date would move it by the server's zone. */
const DATE_OID = 1082;

export interface DataSourceOptions {
  /** Connections at most; default 10. */
  readonly poolSize?: number;
  readonly entities?: readonly (new () => object)[];
  /** Connect as the database's owner, to migrate; the running engine takes the application's role. */
  readonly asOwner?: boolean;
}

/** Wherever the server stands: instants are read fastest so, and no statement may hang on a server's zone. */
const IN_UTC = '-c TimeZone=UTC';

/** The one DataSource over `url`; every connection runs as the application's role, which cannot rewrite history. */
export function createDataSource(
  url: string,
  { poolSize = 10, entities = [], asOwner = true }: DataSourceOptions = {},
): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    entities: [...entities],
    migrations: asOwner ? migrations : [],
    migrationsTableName: 'migrations',
    poolSize,
    extra: {
      Client: SturdyClient,
      types: { getTypeParser: typeParser },
      options: asOwner ? IN_UTC : `-c role=${APPLICATION_ROLE} ${IN_UTC}`,
      application_name: 'laurel',
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
    },
  });
}

/**
 * Between the pool's handing a connection over and TypeORM's listening to it, nobody hears its errors, and Node ends
 * a process for an error that nobody hears. Whoever uses a broken connection learns of it by its query.
 */
class SturdyClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}

function typeParser(oid: number, format?: 'text' | 'binary'): unknown {
  if (format !== 'binary' && oid === DATE_OID) return (text: string) => text;
  if (format !== 'binary' && oid === TIMESTAMPTZ_OID) return readTimestamp;
  return pg.types.getTypeParser(oid, format);
}
