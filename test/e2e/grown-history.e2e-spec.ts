import { grow } from '../../bench/growth/grow.js';
import { LIFECYCLES, type LifecycleName } from '../../bench/growth/lifecycle.js';
import { receiptOf } from '../../bench/load/receipt.js';
import { LEAST_RULES, publishProgramme } from '../../bench/stage/programme.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';

const MEMBERS = 6;
const LOTS_A_MEMBER = 40;

/** The bench writes history straight into the tables: whatever a migration adds there must be written as well. */
describe('a history that the bench grew', () => {
  let engine: TestEngine;
  const lifecycles = Object.keys(LIFECYCLES) as LifecycleName[];
  const prefixOf = (lifecycle: string): string => `${lifecycle}-`;

  beforeAll(async () => {
    engine = await startTestEngine();
    const { api, ownerUrl, programmeId } = engine;
    await publishProgramme(api, LEAST_RULES);
    await api.post('/v1/members', { externalId: 'm-0', enrolledAt: '2024-01-01T00:00:00Z' });
    const body = receiptOf('first', 0, 0, new Date().toISOString());
    expect((await api.raw('POST', '/v1/purchases', body, 'application/json')).status).toBe(201);
    for (const lifecycle of lifecycles) {
      await grow(ownerUrl, {
        programmeId,
        members: MEMBERS,
        lots: MEMBERS * LOTS_A_MEMBER,
        seed: 1,
        prefix: prefixOf(lifecycle),
        lifecycle,
        recentReceipts: 100,
      });
    }
  }, 60_000);
  afterAll(() => engine.close());

  it('is one that verify and the books find nothing wrong with', async () => {
    const { body } = await engine.api.get('/v1/admin/verify');
    expect(body).toMatchObject({ differences: [], clean: true, accounts: 1 + lifecycles.length * MEMBERS });
    expect(body.lots).toBeGreaterThanOrEqual(lifecycles.length * MEMBERS * LOTS_A_MEMBER);
    expect((await engine.api.get('/v1/finance/tie-out')).body.ties).toBe(true);
  });

  it('goes on with commands of the engine', async () => {
    const { api } = engine;
    for (const lifecycle of lifecycles) {
      const member = { externalId: `${prefixOf(lifecycle)}3` };
      const bought = await api.post('/v1/purchases', {
        ...JSON.parse(receiptOf(lifecycle, 1, 0, new Date().toISOString())),
        member,
      });
      expect(bought.status).toBe(201);
      const redeemed = await api.post('/v1/redemptions', { member, points: 100, mode: 'capture' });
      expect(redeemed.status).toBe(201);
      const path = `/v1/purchases/${bought.body.id}/returns`;
      const back = {
        source: lifecycle,
        receiptNo: 'back',
        occurredAt: new Date().toISOString(),
        whole: true,
      };
      expect((await api.post(path, back)).status).toBe(201);
    }
    expect((await api.get('/v1/admin/verify')).body).toMatchObject({ differences: [], clean: true });
  });
});
