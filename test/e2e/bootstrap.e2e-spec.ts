import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bootstrap } from '../../src/demo/bootstrap.js';
import { createEngine, type Engine } from '../../src/engine.js';
import { parseConfiguration } from '../../src/platform/config/configuration.js';
import { ProgrammeStore } from '../../src/programmes/index.js';
import { ApiClient } from '../harness/api-client.js';
import { createTestDatabase, type TestDatabase } from '../harness/database.js';

describe('the first start', () => {
  let folder: string;
  let database: TestDatabase;
  let engine: Engine;
  let url: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'laurel-bootstrap-'));
    database = await createTestDatabase();
    const configuration = configured();
    engine = await createEngine({
      ...configuration,
      // What is tested as source has its shards here.
      shardThreads: false,
      databaseUrl: database.applicationUrl,
      background: false,
      docs: false,
    });
    url = await engine.listen();
  });
  afterEach(async () => {
    await engine.close();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  });

  const configured = (more: Record<string, string> = {}) =>
    parseConfiguration({ PORT: '0', LAUREL_LOG_LEVEL: 'silent', LAUREL_DATA_DIR: folder, ...more }, folder);
  const statusWith = async (key: string) => (await new ApiClient(url, key).get('/v1/programmes')).status;

  it('writes a first key to a file when nobody chose one, and does nothing the next time', async () => {
    const first = await bootstrap(engine.app, configured({ LAUREL_DEMO: 'false' }), false);
    const key = (await readFile(first.adminKeyFile as string, 'utf8')).trim();
    expect(await statusWith(key)).toBe(200);
    expect(await bootstrap(engine.app, configured(), false)).toEqual({ demoKeys: null, adminKeyFile: null });
  });

  it('takes the key that the operator chose, beside the keys of the demo', async () => {
    const chosen = 'chosen-by-the-operator-0123456789abcdef';
    const { demoKeys } = await bootstrap(engine.app, configured({ LAUREL_BOOTSTRAP_KEY: chosen }), true);
    expect(await statusWith(chosen)).toBe(200);
    expect(await statusWith(demoKeys?.pos ?? '')).toBe(200);
    expect((await bootstrap(engine.app, configured(), true)).demoKeys).toEqual(demoKeys);
  });

  it('is made up for when it was cut off before there was any key', async () => {
    await engine.app.get(ProgrammeStore).create({ name: 'half', currency: 'TWD', timeZone: 'Asia/Taipei' });
    const { demoKeys } = await bootstrap(engine.app, configured(), true);
    expect(await statusWith(demoKeys?.admin ?? '')).toBe(200);
  });
});
