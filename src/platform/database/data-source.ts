import pg from 'pg';
import { DataSource } from 'typeorm';
import { APPLICATION_ROLE } from '../../../migrations/1764000000001-application-role.js';
import { migrations } from '../../../migrations/index.js';

/** `date` stays the text it is: a Date would move it by the server's zone. */
const DATE_OID = 1082;

export interface DataSourceOptions {
  /** Connections at most; default 10. */
  readonly poolSize?: number;
  readonly entities?: readonly (new () => object)[];
  /** Connect as the database's owner, to migrate; the running engine takes the application's role. */
  readonly asOwner?: boolean;
}

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
      ...(asOwner ? {} : { options: `-c role=${APPLICATION_ROLE}` }),
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
  return oid === DATE_OID ? (text: string) => text : pg.types.getTypeParser(oid, format);
}
