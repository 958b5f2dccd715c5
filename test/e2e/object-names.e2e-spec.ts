import { ProgrammeBuilder } from '../builders/programme.js';
import { line, receipt } from '../builders/receipt.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';

/** What every object has; `__proto__` is refused before it is anything. */
const NAMES = Object.getOwnPropertyNames(Object.prototype).filter((name) => name !== '__proto__');
const ALL = Object.fromEntries(NAMES.map((name) => [name, 'x']));

describe('names that every object has', () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await startTestEngine();
    const programme = await new ProgrammeBuilder(engine.api).shop();
    await programme.tiers();
    await engine.api.post('/v1/members', { externalId: 'C-1' });
  });
  afterAll(() => engine.close());

  it('are no fields', async () => {
    for (const name of NAMES) {
      const answers = await Promise.all([
        engine.api.post('/v1/members', { externalId: `N-${name}`, [name]: 'x' }),
        engine.api.post('/v1/purchases', receipt({ lines: [line({ [name]: 1 })] })),
        engine.api.post('/v1/purchases', receipt({ member: { externalId: 'C-1', [name]: {} } })),
        engine.api.get(`/v1/members?${name}=1`),
      ]);
      expect(answers.map(({ status, body }) => [status, body.errors?.[0].code])).toEqual(
        Array(4).fill([422, 'UNKNOWN_FIELD']),
      );
    }
    const proto = await engine.api.raw('POST', '/v1/members', '{"__proto__":{}}', 'application/json');
    expect([proto.status, proto.body.code]).toEqual([400, 'MALFORMED_JSON']);
  });

  it('are attributes like others: their member can be changed, suspended and closed', async () => {
    const { body: member } = await engine.api.post('/v1/members', { externalId: 'C-2', attributes: ALL });
    expect(member.attributes).toEqual(ALL);
    const again = { ...ALL, deep: { ...ALL, hasOwnProperty: 1 } };
    const steps = [
      await engine.api.patch(`/v1/members/${member.id}`, { attributes: again }),
      await engine.api.patch(`/v1/members/${member.id}`, { birthDate: '1990-05-03' }),
      await engine.api.post(`/v1/members/${member.id}/suspend`),
      await engine.api.post(`/v1/members/${member.id}/reactivate`),
      await engine.api.post('/v1/purchases', receipt({ member: { externalId: 'C-2' }, attributes: ALL })),
      await engine.api.post(`/v1/members/${member.id}/close`),
    ];
    expect(steps.map(({ status }) => status)).toEqual([200, 200, 200, 200, 201, 200]);
    expect((await engine.api.get(`/v1/members/${member.id}`)).body).toMatchObject({
      attributes: again,
      birthDate: '1990-05-03',
      status: 'closed',
    });
  });

  it('may be categories, skus and external ids', async () => {
    const policy = { entity: 'TW01', valuePerPoint: '1', redemptionProbability: '1' };
    for (const name of NAMES) {
      const { status, body } = await engine.api.post(
        '/v1/purchases',
        receipt({ lines: [line({ category: name, sku: name })], channel: name, source: name }),
      );
      expect([status, body.grants?.[0].points]).toEqual([201, 105]);
      expect((await engine.api.post('/v1/members', { externalId: name })).status).toBe(201);
      const byCategory = { ...policy, revenueByCategory: { [name]: 'none' } };
      for (const definition of [byCategory, byCategory]) {
        const saved = await engine.api.put('/v1/finance/policies/draft', definition);
        expect([saved.status, saved.body.definition.revenueByCategory]).toEqual([200, { [name]: 'none' }]);
      }
    }
  });
});
