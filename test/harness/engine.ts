import { createEngine, type Engine } from '../../src/engine.js';
import { openApiDocument } from '../../src/openapi.js';
import type { Clock } from '../../src/kernel/time.js';
import { ApiKeyStore } from '../../src/keys/index.js';
import type { AnchorSigning } from '../../src/integrity/index.js';
import type { EngineDefinition } from '../../src/platform/pipeline/index.js';
import { SCOPES, type Scope } from '../../src/platform/http/caller.js';
import { ProgrammeStore } from '../../src/programmes/index.js';
import { holdTo } from './answer-contract.js';
import { ApiClient } from './api-client.js';
import { createTestDatabase, type TestDatabase } from './database.js';

export interface TestEngine {
  readonly engine: Engine;
  /** What the engine is connected with. */
  readonly applicationUrl: string;
  /** What changes rows that the engine may not change. */
  readonly ownerUrl: string;
  /** One statement of the owner. @returns its rows. */
  readonly asOwner: TestDatabase['asOwner'];
  readonly url: string;
  /** Calls the API with a key that has every scope on `programmeId`; its `second` is of another line. */
  readonly api: ApiClient;
  readonly programmeId: string;
  /** A client whose key has only these scopes. */
  withScopes(...scopes: Scope[]): Promise<ApiClient>;
  close(): Promise<void>;
}

export interface TestEngineOptions {
  readonly clock?: Clock;
  readonly background?: boolean;
  readonly queueLimit?: number;
  readonly currency?: string;
  readonly timeZone?: string;
  readonly anchorSigning?: AnchorSigning;
  readonly definition?: EngineDefinition;
}

/** A whole engine on a database of its own, listening on a free port, with one bare programme. */
export async function startTestEngine(options: TestEngineOptions = {}): Promise<TestEngine> {
  const database = await createTestDatabase();
  const engine = await createEngine({
    databaseUrl: database.applicationUrl,
    host: '127.0.0.1',
    port: 0,
    logLevel: 'silent',
    shards: 1,
    queueLimit: options.queueLimit ?? 4096,
    poolSize: 6,
    background: options.background ?? false,
    // Swagger UI's server needs a package that Jest cannot load on Node 20; a spec starts the real process for it.
    docs: false,
    ...(options.clock ? { clock: options.clock } : {}),
    ...(options.definition ? { definition: options.definition } : {}),
    ...(options.anchorSigning ? { anchorSigning: options.anchorSigning } : {}),
  });
  holdTo(() => openApiDocument(engine.app));
  const url = await engine.listen();
  const { currency = 'TWD', timeZone = 'Asia/Taipei' } = options;
  const { programmeId } = await engine.app.get(ProgrammeStore).create({ name: 'Test', currency, timeZone });
  const client = async (scopes: readonly Scope[], second: ApiClient | null = null): Promise<ApiClient> => {
    const { key } = await engine.app.get(ApiKeyStore).create({ programmeId, name: 'test', scopes }, 'test');
    return new ApiClient(url, key, second);
  };
  return {
    engine,
    applicationUrl: database.applicationUrl,
    ownerUrl: database.ownerUrl,
    asOwner: (sql, values) => database.asOwner(sql, values),
    url,
    programmeId,
    api: await client(SCOPES, await client(SCOPES)),
    withScopes: (...scopes) => client(scopes),
    close: async () => {
      await engine.close();
      await database.drop();
    },
  };
}
