import { createEngine, type Engine } from '../../src/engine.js';
import { ApiKeyStore } from '../../src/keys/index.js';
import { runJob } from '../harness/run-job.js';
import { parseConfiguration } from '../../src/platform/config/configuration.js';
import { LeaderLock } from '../../src/platform/jobs/leader-lock.store.js';
import { SCOPES } from '../../src/platform/http/caller.js';
import { ProgrammeStore } from '../../src/programmes/index.js';
import { ProgrammeBuilder } from '../builders/programme.js';
import { receipt } from '../builders/receipt.js';
import { ApiClient } from '../harness/api-client.js';
import { createTestDatabase, type TestDatabase } from '../harness/database.js';
import { MovingClock } from '../harness/moving-clock.js';

/** One shard in the thread of the tests: the fewest connections with which a process starts. */
const SMALLEST = 4;

describe('the smallest pool that is allowed', () => {
  let database: TestDatabase;
  let engine: Engine;
  let api: ApiClient;
  const clock = new MovingClock(Date.parse('2026-11-20T12:00:00+08:00'));

  beforeAll(async () => {
    database = await createTestDatabase();
    const { applicationUrl: databaseUrl } = database;
    const place = { databaseUrl, host: '127.0.0.1', port: 0, logLevel: 'silent' as const };
    const size = { shards: 1, queueLimit: 100, poolSize: SMALLEST };
    engine = await createEngine({ ...place, ...size, clock, docs: false, background: false });
    const programme = { name: 'Small', currency: 'TWD', timeZone: 'Asia/Taipei' };
    const { programmeId } = await engine.app.get(ProgrammeStore).create(programme);
    const wanted = { programmeId, name: 'all', scopes: SCOPES };
    const { key } = await engine.app.get(ApiKeyStore).create(wanted, 'test');
    const second = await engine.app.get(ApiKeyStore).create({ ...wanted, name: 'second' }, 'test');
    const url = await engine.listen();
    api = new ApiClient(url, key, new ApiClient(url, second.key));
    await new ProgrammeBuilder(api).shop();
    await api.post('/v1/members', { externalId: 'C-1' });
  });
  afterAll(async () => {
    await engine.close();
    await database.drop();
  });

  it('is the one that the configuration names', () => {
    const with_ = (LAUREL_POOL_SIZE: string) =>
      parseConfiguration({ LAUREL_SHARDS: '1', LAUREL_SHARD_THREADS: 'false', LAUREL_POOL_SIZE }, '/');
    expect(with_(String(SMALLEST)).poolSize).toBe(SMALLEST);
    expect(() => with_(String(SMALLEST - 1))).toThrow('LAUREL_POOL_SIZE');
  });

  it('lets a process that holds every leader lock sell, answer and make anchors', async () => {
    const locks = ['event relay', 'scheduler'].map((key) => new LeaderLock(engine.dataSource, key));
    for (const lock of locks) expect(await lock.hold()).toBe(true);
    expect(
      (await api.post('/v1/purchases', receipt({ occurredAt: '2026-11-20T11:00:00+08:00' }))).status,
    ).toBe(201);
    clock.set('2026-11-21T12:00:00+08:00');
    // Anchors are made when the same days were due at the look before.
    const anchoring = runJob(engine.app, 'anchors').then(() => runJob(engine.app, 'anchors'));
    const reads = await Promise.all(
      Array.from({ length: 8 }, () => api.get('/health/ready')).concat(
        Array.from({ length: 8 }, () => api.get('/v1/members?externalId=C-1')),
      ),
    );
    await anchoring;
    expect(reads.map(({ status }) => status)).toEqual(Array(16).fill(200));
    expect((await api.get('/v1/admin/anchors')).body.data.length).toBeGreaterThan(0);
    for (const lock of locks) {
      expect(await lock.hold()).toBe(true);
      await lock.release();
    }
  });
});
