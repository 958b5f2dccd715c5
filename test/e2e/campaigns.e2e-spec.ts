import { ProgrammeBuilder } from '../builders/programme.js';
import { line, receipt } from '../builders/receipt.js';
import { ApiClient, type Answer } from '../harness/api-client.js';
import { spawnEngine, type EngineProcess } from '../harness/engine-process.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';

const MEMBERS = 60;
const PATIENCE_MS = 120_000;
const LONG_AGO = '2020-01-01T00:00:00+08:00';

/** Two processes of two shards each, on one database, register members for the same campaigns. */
describe('campaigns that two processes register members for', () => {
  let engine: TestEngine;
  let processes: EngineProcess[];
  let tills: ApiClient[];

  beforeAll(async () => {
    engine = await startTestEngine();
    const programme = await new ProgrammeBuilder(engine.api).shop();
    await programme.campaign('few', { places: { inAll: 37 } });
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    await programme.campaign('daily', {
      opensAt: new Date().toISOString(),
      closesAt: tomorrow,
      startsAt: LONG_AGO,
      places: { inAll: 50, perDay: 3 },
    });
    await programme.rule('few', {
      trigger: { type: 'registration', campaign: 'few' },
      amount: { type: 'fixed', points: 7 },
    });
    await programme.rule('spend', {
      campaign: 'few',
      amount: { type: 'basketBonus', points: 30, minimumMinor: 300_000 },
    });
    for (let index = 0; index < MEMBERS; index += 1)
      await engine.api.post('/v1/members', { externalId: `R-${index}` });
    processes = await Promise.all(
      ['true', 'false'].map((threads) =>
        spawnEngine(engine.applicationUrl, { TEST_SHARDS: '2', TEST_SHARD_THREADS: threads }),
      ),
    );
    tills = processes.map(({ url }) => new ApiClient(url, engine.api.key));
  }, PATIENCE_MS);
  afterAll(async () => {
    expect(await Promise.all(processes.map((process) => process.stop()))).toEqual([0, 0]);
    await engine.close();
  });

  const member = (index: number) => ({ externalId: `R-${index}` });
  const registers = (campaign: string, index: number, till: number) =>
    (tills[till % 2] as ApiClient).post(`/v1/campaigns/${campaign}/registrations`, { member: member(index) });
  const leftOf = async (campaign: string) =>
    (await engine.api.get(`/v1/campaigns/${campaign}/places`)).body.left as object;
  const codes = (answers: readonly Answer[]) =>
    answers.filter(({ status }) => status !== 201).map(({ body }) => body.code as string);

  it(
    'takes the last place and not one more: 37 places, 60 members, each at two tills at once',
    async () => {
      const asked = Array.from({ length: MEMBERS }, (_, index) =>
        [0, 1].map((till) => [index, till] as const),
      );
      const answers = await Promise.all(asked.flat().map(([index, till]) => registers('few', index, till)));
      const taken = answers.filter(({ status }) => status === 201);
      expect(new Set(codes(answers))).toEqual(new Set(['CAMPAIGN_FULL']));
      expect(new Set(taken.map(({ body }) => body.id as string)).size).toBe(37);
      expect(taken.length).toBe(74);
      expect(await leftOf('few')).toEqual({ inAll: 0, today: null });
      const { body } = await engine.api.get('/v1/campaigns/few/registrations?limit=100');
      expect(body.data.map(({ pointsGranted }: Answer['body']) => pointsGranted as number)).toEqual(
        Array.from({ length: 37 }, () => 7),
      );
    },
    PATIENCE_MS,
  );

  it('gives a place that comes back to one member of many', async () => {
    const { body } = await engine.api.get('/v1/campaigns/few/registrations?limit=1');
    const [{ id, memberId }] = body.data;
    const cancelled = await engine.api.post(`/v1/campaigns/few/registrations/${id}/cancel`, {});
    expect(cancelled.body).toMatchObject({ id, memberId, pointsTaken: 7, balance: { available: 0 } });
    const page = await engine.api.get('/v1/campaigns/few/registrations?limit=100');
    const registered = new Set<string>(page.body.data.map((each: Answer['body']) => each.memberId as string));
    const all = await engine.api.get('/v1/members?limit=100');
    const others: string[] = all.body.data
      .map((each: Answer['body']) => each.id as string)
      .filter((other: string) => !registered.has(other));
    const answers = await Promise.all(
      others.map((other, index) =>
        (tills[index % 2] as ApiClient).post('/v1/campaigns/few/registrations', { member: { id: other } }),
      ),
    );
    expect([answers.length, codes(answers).length]).toEqual([23, 22]);
  });

  it('takes so many members a day', async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) => registers('daily', index, index)),
    );
    expect(codes(answers)).toEqual(Array.from({ length: 9 }, () => 'CAMPAIGN_FULL'));
    expect(await leftOf('daily')).toEqual({ inAll: 47, today: 0 });
  });

  it('has more places with a new version, and not fewer than are taken', async () => {
    const { body } = await engine.api.get('/v1/campaigns/few');
    const { definition } = body.data.at(-1);
    const publish = async (inAll: number) => {
      await engine.api.put('/v1/campaigns/few/draft', { ...definition, places: { inAll } });
      return engine.api.post('/v1/campaigns/few/publish', {});
    };
    const refused = await publish(36);
    expect([refused.status, refused.body.code, refused.body.errors[0].pointer]).toEqual([
      422,
      'PLACES_BELOW_TAKEN',
      '/places/inAll',
    ]);
    expect((await publish(38)).status).toBe(200);
    expect(await leftOf('few')).toEqual({ inAll: 1, today: null });
  });

  it('counts receipts of members who registered, from then on', async () => {
    const page = await engine.api.get('/v1/campaigns/few/registrations?limit=1');
    const [{ memberId: id }] = page.body.data;
    const buys = async (by: object) => {
      const lines = [line({ amountMinor: 300_000 })];
      const occurredAt = new Date().toISOString();
      const answer = await engine.api.post(
        '/v1/purchases?explain=true',
        receipt({ member: by, lines, occurredAt }),
      );
      return answer.body.explanation.find(({ rule }: Answer['body']) => rule.id === 'spend').why as string;
    };
    await engine.api.post('/v1/members', { externalId: 'R-late' });
    expect([await buys({ id }), await buys({ externalId: 'R-late' })]).toEqual(['matched', 'notRegistered']);
  });

  it('keeps one registration of two members who turn out to be one', async () => {
    const page = await engine.api.get('/v1/campaigns/daily/registrations');
    const [later, earlier] = page.body.data;
    const merged = await engine.api.post(`/v1/members/${later.memberId}/merge`, {
      duplicate: { id: earlier.memberId },
    });
    expect(merged.status).toBe(200);
    expect(await leftOf('daily')).toEqual({ inAll: 48, today: 1 });
    const { body } = await engine.api.get(`/v1/campaigns/daily/registrations/${later.id}`);
    expect(body.cancellation).toMatchObject({ cause: 'merge', pointsTaken: 0 });
    const repeat = await engine.api.post('/v1/campaigns/daily/registrations', {
      member: { id: later.memberId },
    });
    expect(repeat.body.id).toBe(earlier.id);
  });

  it('adds up, as verify recounts it', async () => {
    const { body } = await engine.api.get('/v1/admin/verify');
    expect([body.clean, body.differences]).toEqual([true, []]);
  });
});
