import { ProgrammeBuilder } from '../builders/programme.js';
import { line, receipt } from '../builders/receipt.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';
import { MovingClock } from '../harness/moving-clock.js';
import { runJob } from '../harness/run-job.js';

const noon = (day: string) => `2026-${day}T12:00:00+08:00`;

/** Members who send no command after 1 March meet the ladders that are published then. */
describe('a new ladder', () => {
  let engine: TestEngine;
  const clock = new MovingClock(Date.parse(noon('03-01')));
  const names = new Map<string, string>();
  const enrols = async (externalId: string, amountMinor: number) => {
    const { body } = await engine.api.post('/v1/members', { externalId, enrolledAt: noon('01-01') });
    names.set(body.id, externalId);
    if (amountMinor === 0) return;
    const lines = [line({ amountMinor, taxMinor: 0 })];
    const bought = receipt({ member: { externalId }, occurredAt: noon('03-01'), lines });
    expect((await engine.api.post('/v1/purchases', bought)).status).toBe(201);
  };
  const tier = (key: string, threshold: number) => ({ key, name: key, threshold });
  const publishes = async (definition: object, more: object = {}) => {
    const body = { measure: 'spend', window: { type: 'rolling', months: 12 }, ...definition };
    expect((await engine.api.put('/v1/tier-sets/draft', body)).status).toBe(200);
    const { status, text } = await engine.api.post('/v1/tier-sets/publish', more);
    expect([status, text]).toEqual([200, text]);
  };
  const transition = async () => (await engine.api.get('/v1/tier-sets/transition')).body;
  const changesAfter = async (instant: string) => {
    const { body } = await engine.api.get('/v1/events?limit=500');
    return (
      body.data as { type: string; data: { memberId: string; from: string; to: string; since: string } }[]
    )
      .filter(({ type, data }) => type === 'tier.changed' && data.since > instant)
      .map(({ data: { memberId, from, to, since } }) => [names.get(memberId), from, to, since]);
  };

  beforeAll(async () => {
    engine = await startTestEngine({ clock });
    const programme = await new ProgrammeBuilder(engine.api).shop();
    await programme.tiers();
    await enrols('gold', 600_000);
    await enrols('silver', 120_000);
    await enrols('new', 0);
  });
  afterAll(() => engine.close());

  it('changes nothing where it only promotes', async () => {
    await runJob(engine.engine.app, 'apply-ladders');
    expect(await transition()).toMatchObject({ state: 'none', members: null });
  });

  it('without a tier takes its members to the first one, and tells of each', async () => {
    clock.set('2026-03-02T12:00:00+08:00');
    await publishes({ tiers: [tier('basic', 0), tier('silver', 100_000)] }, { membersDropped: 1 });
    expect(await transition()).toMatchObject({ state: 'waiting', done: null });
    // No job ran: reads see what it will write.
    const [gold] = [...names.keys()];
    const standing = (await engine.api.get(`/v1/members/${gold}/standing`)).body;
    expect(standing).toMatchObject({ tier: 'basic', since: new Date(noon('03-02')).toISOString() });
    clock.advance({ minutes: 1 });
    await runJob(engine.engine.app, 'apply-ladders');
    // The member without a receipt has no standing to look at.
    expect(await transition()).toMatchObject({ state: 'done', members: 2, done: 2, undecided: 0 });
    expect(await changesAfter('2026-03-02')).toEqual([
      ['gold', 'gold', 'basic', new Date(noon('03-02')).toISOString()],
    ]);
  });

  it('that evaluates at once does so for every member, and a second run finds nothing', async () => {
    clock.set('2026-03-05T12:00:00+08:00');
    // Silver takes NT$5,000 from now on: one member has it, and the other has it no more.
    await publishes({
      tiers: [tier('basic', 0), tier('silver', 500_000)],
      validity: { type: 'months', months: 12 },
      transition: 'now',
    });
    clock.advance({ minutes: 1 });
    await runJob(engine.engine.app, 'apply-ladders');
    await runJob(engine.engine.app, 'apply-ladders');
    expect(await transition()).toMatchObject({ state: 'done', members: 2, done: 2 });
    // From the first instant of the ladder's first day.
    const since = '2026-03-04T16:00:00.000Z';
    const changes = await changesAfter('2026-03-03');
    expect(changes.toSorted()).toEqual([
      ['gold', 'basic', 'silver', since],
      ['silver', 'silver', 'basic', since],
    ]);
    expect((await engine.api.get('/v1/admin/verify')).body).toMatchObject({ clean: true });
  });
});
