import { ProgrammeBuilder } from '../builders/programme.js';
import { receipt } from '../builders/receipt.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';
import { MovingClock } from '../harness/moving-clock.js';

describe('configuration on a live programme', () => {
  let engine: TestEngine;
  const clock = new MovingClock(Date.parse('2026-11-20T12:00:00+08:00'));
  const api = () => engine.api;
  const rule = (points: number) => ({ name: 'base', amount: { type: 'perSpend', points, stepMinor: 1000 } });
  const pointsAt = async (occurredAt: string) =>
    (await api().post('/v1/purchases', receipt({ occurredAt }))).body.pointsGranted;

  beforeAll(async () => {
    engine = await startTestEngine({ clock });
    await new ProgrammeBuilder(api()).shop();
    await api().post('/v1/members', { externalId: 'C-1' });
  });
  afterAll(() => engine.close());

  it('changes nothing while it is a draft, and judges each receipt by what was in force when it occurred', async () => {
    expect((await api().put('/v1/earning-rules/base/draft', rule(2))).body).toMatchObject({
      version: 2,
      status: 'draft',
    });
    expect(await pointsAt('2026-11-20T11:00:00+08:00')).toBe(105);
    const published = await api().post('/v1/earning-rules/base/publish', {
      effectiveAt: '2026-12-01T00:00:00+08:00',
    });
    expect(published.body).toMatchObject({
      version: 2,
      status: 'published',
      effectiveAt: '2026-11-30T16:00:00.000Z',
    });
    expect(await pointsAt('2026-11-20T11:00:00+08:00')).toBe(105);
    clock.set('2026-12-02T12:00:00+08:00');
    expect(await pointsAt('2026-12-02T11:00:00+08:00')).toBe(210);
    expect(await pointsAt('2026-11-30T23:59:59+08:00')).toBe(105);
    expect(await pointsAt('2026-12-01T00:00:00+08:00')).toBe(210);
    clock.set('2026-11-20T12:00:00+08:00');
  });

  it('never changes what was published', async () => {
    const before = (await api().get('/v1/earning-rules/base')).body.data;
    await api().put('/v1/earning-rules/base/draft', rule(9));
    await api().put('/v1/earning-rules/base/draft', rule(8));
    const { data } = (await api().get('/v1/earning-rules/base')).body;
    expect(data.slice(0, before.length)).toEqual(before);
    expect(data).toHaveLength(before.length + 1);
    expect((await api().delete('/v1/earning-rules/base/draft')).status).toBe(204);
    expect((await api().get('/v1/earning-rules/base')).body.data).toEqual(before);
  });

  it('refuses to be effective in the past unless told so', async () => {
    await api().put('/v1/earning-rules/late/draft', rule(1));
    const past = { effectiveAt: '2026-01-01T00:00:00Z' };
    const refused = await api().post('/v1/earning-rules/late/publish', past);
    expect([refused.status, refused.body.code, refused.body.errors[0].pointer]).toEqual([
      422,
      'EFFECTIVE_IN_PAST',
      '/effectiveAt',
    ]);
    expect((await api().post('/v1/earning-rules/late/publish', { ...past, retroactive: true })).status).toBe(
      200,
    );
    expect((await api().post('/v1/earning-rules/late/publish', {})).body.code).toBe('NO_DRAFT');
  });

  it.each([
    ['/v1/earning-rules/x/draft', { name: 'x' }, '/amount'],
    [
      '/v1/earning-rules/x/draft',
      { name: 'x', amount: { type: 'perSpend', points: 1 } },
      '/amount/stepMinor',
    ],
    [
      '/v1/earning-rules/x/draft',
      { name: 'x', amount: { type: 'perSpend', points: 1, stepMinor: 0 } },
      '/amount/stepMinor',
    ],
    [
      '/v1/earning-rules/x/draft',
      { name: 'x', amount: { type: 'perSpend', points: 1, stepMinor: 1, tierMultipliers: { gold: 'two' } } },
      '/amount/tierMultipliers',
    ],
    ['/v1/earning-rules/Not-A-Key/draft', rule(1), '/id'],
    [
      '/v1/tier-sets/draft',
      {
        measure: 'spend',
        window: { type: 'rolling', months: 12 },
        tiers: [{ key: 'a', name: 'A', threshold: 5 }],
      },
      '/tiers',
    ],
    [
      '/v1/tier-sets/draft',
      { measure: 'spend', window: { type: 'calendar' }, tiers: [{ key: 'a', name: 'A', threshold: 0 }] },
      '/window/unit',
    ],
    ['/v1/programmes/policy/draft', { pointName: 'p', expiry: { type: 'months' } }, '/expiry/months'],
    ['/v1/rewards/x/draft', { name: 'x', points: 0 }, '/points'],
    [
      '/v1/finance/policies/draft',
      { entity: 'X', valuePerPoint: '1', redemptionProbability: '1.5' },
      '/redemptionProbability',
    ],
  ])('%s refuses %j at the field', async (path, body, pointer) => {
    const answer = await api().put(path, body);
    expect(answer.status).toBe(422);
    expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer);
  });

  it('makes a programme and refuses one with a currency or zone that is none', async () => {
    const create = (body: object) =>
      api().post('/v1/programmes', { name: 'P', currency: 'USD', timeZone: 'America/New_York', ...body });
    expect((await create({})).status).toBe(201);
    expect((await create({ currency: 'XQQ' })).body.errors[0].pointer).toBe('/currency');
    expect((await create({ timeZone: 'Mars/Base' })).body.errors[0].pointer).toBe('/timeZone');
  });
});
