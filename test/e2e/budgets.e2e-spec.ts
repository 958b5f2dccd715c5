import { ProgrammeBuilder } from '../builders/programme.js';
import { line, receipt } from '../builders/receipt.js';
import { ApiClient, type Answer } from '../harness/api-client.js';
import { spawnEngine, type EngineProcess } from '../harness/engine-process.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';

const MEMBERS = 40;
const PATIENCE_MS = 120_000;

/** Two processes of two shards each, on one database, draw on the same budgets. */
describe('budgets that two processes draw on', () => {
  let engine: TestEngine;
  let processes: EngineProcess[];
  let tills: ApiClient[];

  beforeAll(async () => {
    engine = await startTestEngine();
    const programme = await new ProgrammeBuilder(engine.api).shop();
    await programme.rule('base', { active: false });
    await programme.budget('opening', { points: 4_003, warnAtPercent: 80 });
    await programme.budget('few', { uses: 7 });
    const only = (category: string) => ({ lines: { includeCategories: [category] } });
    await programme.rule('opening', { ...only('opening'), budget: { budgetId: 'opening' } });
    await programme.rule('few', { ...only('few'), budget: { budgetId: 'few', onExceed: 'refuse' } });
    for (let index = 0; index < MEMBERS; index += 1)
      await engine.api.post('/v1/members', { externalId: `B-${index}` });
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

  const buys = (index: number, category: string) =>
    (tills[index % 2] as ApiClient).post(
      '/v1/purchases',
      receipt({
        member: { externalId: `B-${index % MEMBERS}` },
        // 10 points each.
        lines: [line({ amountMinor: 10_000, category })],
      }),
    );
  const useOf = async (id: string) => (await engine.api.get(`/v1/budgets/${id}/use`)).body;
  const sum = (answers: readonly { body: { pointsGranted: number } }[]) =>
    answers.reduce((total, { body }) => total + body.pointsGranted, 0);

  it(
    'gives the last point and not one more: 4,003 points to 480 receipts of 10',
    async () => {
      const answers: Answer[] = [];
      // In lots, as many tills would; all at once would wait for connections, not for budgets.
      for (let lot = 0; lot < 480; lot += 60) {
        const together = Array.from({ length: 60 }, (_, index) => buys(lot + index, 'opening'));
        answers.push(...(await Promise.all(together)));
      }
      const refused = answers.filter(({ status }) => status !== 201);
      expect(refused.map(({ text }) => text)).toEqual([]);
      expect(sum(answers)).toBe(4_003);
      expect(await useOf('opening')).toMatchObject({
        limit: { points: 4_003, uses: null, money: null },
        left: { points: 0, uses: null, money: null },
        // A point costs 1 x 0.9 / 1.05 = 85.714285714286 minor units; 4,003 of them 343,114.285714286858.
        rules: [{ ruleId: 'opening', points: 4_003, money: '3431.14285714286858' }],
      });
      const { body } = await engine.api.get('/v1/events?types=budget.warning,budget.spent&limit=10');
      expect(body.data.map(({ type }: { type: string }) => type).sort()).toEqual([
        'budget.spent',
        'budget.warning',
      ]);
    },
    PATIENCE_MS,
  );

  it('allows seven uses of both processes together, and an eighth after one came back', async () => {
    const answers = await Promise.all(Array.from({ length: 60 }, (_, index) => buys(index, 'few')));
    const served = answers.filter(({ body }) => body.pointsGranted === 10);
    expect([served.length, sum(answers)]).toEqual([7, 70]);
    const back = {
      source: 'store-1',
      receiptNo: 'RT-few',
      occurredAt: '2026-11-21T10:15:00+08:00',
      whole: true,
    };
    await engine.api.post(`/v1/purchases/${served[0]?.body.id as string}/returns`, back);
    expect((await useOf('few')).left.uses).toBe(1);
    const again = await Promise.all(Array.from({ length: 8 }, (_, index) => buys(index, 'few')));
    expect(sum(again)).toBe(10);
  });

  it('is raised by a new version, and not lowered below what is used', async () => {
    const admin = engine.api;
    await admin.put('/v1/budgets/opening/draft', { name: 'opening', points: 4_000 });
    const refused = await admin.post('/v1/budgets/opening/publish', {});
    expect([refused.status, refused.body.code, refused.body.errors[0].pointer]).toEqual([
      422,
      'BUDGET_BELOW_USE',
      '/points',
    ]);
    await admin.put('/v1/budgets/opening/draft', { name: 'opening', points: 4_008 });
    const later = await admin.post('/v1/budgets/opening/publish', { effectiveAt: '2099-01-01T00:00:00Z' });
    expect(later.body.errors[0]).toMatchObject({ pointer: '/effectiveAt', code: 'BUDGET_CHANGES_AT_ONCE' });
    expect((await admin.post('/v1/budgets/opening/publish', {})).status).toBe(200);
    const answers = [await buys(0, 'opening'), await buys(1, 'opening')];
    expect(answers.map(({ body }) => body.pointsGranted)).toEqual([5, 0]);
    const explained = await admin.get(`/v1/purchases/${answers[1]?.body.id as string}?explain=true`);
    expect(explained.body.explanation).toContainEqual(
      expect.objectContaining({ why: 'budgetSpent', limitedBy: 'budget', points: 0, basisMinor: 10_000 }),
    );
  });

  it('needs a limit, and a rule needs a budget that is published', async () => {
    const draft = await engine.api.put('/v1/budgets/nothing/draft', { name: 'nothing' });
    expect([draft.status, draft.body.errors[0].code]).toEqual([422, 'NO_LIMIT']);
    await engine.api.put('/v1/earning-rules/lost/draft', {
      name: 'lost',
      amount: { type: 'perSpend', points: 1, stepMinor: 1000 },
      budget: { budgetId: 'nothing' },
    });
    const { status, body } = await engine.api.post('/v1/earning-rules/lost/publish', {});
    expect([status, body.code, body.errors[0].pointer]).toEqual([422, 'BUDGET_UNKNOWN', '/budget/budgetId']);
  });

  it('adds up, as verify recounts it', async () => {
    const { body } = await engine.api.get('/v1/admin/verify');
    expect([body.clean, body.differences]).toEqual([true, []]);
  });
});
