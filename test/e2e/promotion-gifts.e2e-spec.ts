import { ProgrammeBuilder } from '../builders/programme.js';
import { line, receipt } from '../builders/receipt.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';
import { MovingClock } from '../harness/moving-clock.js';

/** Silver from NT$1,000 on, gold from NT$5,000 on; the shop gives a point for each NT$10. */
describe('gifts for promotions', () => {
  let engine: TestEngine;
  const clock = new MovingClock(Date.parse('2026-11-01T12:00:00+08:00'));
  const api = () => engine.api;

  beforeAll(async () => {
    engine = await startTestEngine({ clock });
    const programme = await new ProgrammeBuilder(api()).shop();
    await programme.tiers();
    await programme.rule('gold', {
      name: 'Gold',
      trigger: { type: 'promotion', tier: 'gold' },
      amount: { type: 'fixed', points: 500 },
    });
  });
  afterAll(() => engine.close());

  const enrol = async (externalId: string) =>
    (await api().post('/v1/members', { externalId })).body.id as string;
  const buys = async (member: string, amountMinor: number, query = '') => {
    const lines = [line({ amountMinor, taxMinor: 0 })];
    const occurredAt = new Date(clock.now()).toISOString();
    return (await api().post(`/v1/purchases${query}`, receipt({ member: { id: member }, occurredAt, lines })))
      .body;
  };
  const giftsOf = async (id: string) => (await api().get(`/v1/members/${id}/promotion-gifts`)).body;

  it('come with the receipt, are explained on it, and go with the promotion', async () => {
    const member = await enrol('A');
    const dry = await buys(member, 500_000, '?dryRun=true');
    const first = await buys(member, 500_000);
    expect([dry.pointsGranted, first.pointsGranted]).toEqual([1000, 1000]);
    const read = (await api().get(`/v1/purchases/${first.id}?explain=true`)).body;
    const place = read.explanation.findIndex(({ rule }: { rule: { id: string } }) => rule.id === 'gold');
    expect(read.explanation[place]).toMatchObject({ why: 'matched', points: 500 });
    expect(read.sentences.rules[place].en).toBe(
      '“Gold” gives 500 points: for the promotion to “Gold”, 500 points.',
    );
    expect((await giftsOf(member)).data).toMatchObject([
      {
        rule: { id: 'gold', version: 1 },
        tier: 'gold',
        cause: { type: 'purchase', id: first.id },
        takenBack: null,
      },
    ]);
    await api().post('/v1/redemptions', { member: { id: member }, points: 600, mode: 'capture' });
    clock.set('2026-11-02T12:00:00+08:00');
    const body = { source: 'store-1', receiptNo: 'RT-1', occurredAt: new Date(clock.now()).toISOString() };
    const returned = await api().post(`/v1/purchases/${first.id}/returns`, { ...body, whole: true });
    expect(returned.body).toMatchObject({
      tierChange: { from: 'gold', to: 'basic' },
      balance: { available: 0 },
    });
    const [gift] = (await giftsOf(member)).data;
    expect(gift.takenBack).toMatchObject({ cause: { type: 'return', id: returned.body.id } });
    expect(gift.takenBack.pointsTaken + gift.takenBack.debt).toBe(500);
    await buys(member, 500_000);
    expect((await giftsOf(member)).data).toHaveLength(2);
    expect((await api().get('/v1/admin/verify')).body).toMatchObject({ clean: true });
  });

  it('come once from two receipts at the same time', async () => {
    const member = await enrol('B');
    await Promise.all([buys(member, 500_000), buys(member, 500_000), buys(member, 500_000)]);
    expect((await giftsOf(member)).data).toHaveLength(1);
    expect((await api().get('/v1/admin/verify')).body).toMatchObject({ clean: true });
  });

  it.each([
    [{ trigger: { type: 'promotion' }, origin: 'purchase' }, '/origin'],
    [{ trigger: { type: 'promotion', on: 'birthday' } }, '/trigger/on'],
    [{ trigger: { type: 'calendar', on: 'birthday', tier: 'gold' } }, '/trigger/tier'],
    [{ trigger: { type: 'promotion' }, limits: [{ period: 'year', times: 1 }] }, '/limits/0/period'],
    [{ trigger: { type: 'promotion' }, coolDown: { days: 3 } }, '/coolDown'],
  ])('are refused of %j', async (rule, pointer) => {
    const body = { name: 'x', amount: { type: 'fixed', points: 1 }, ...rule };
    const answer = await api().put('/v1/earning-rules/x/draft', body);
    expect([answer.status, answer.body.errors[0].pointer]).toEqual([422, pointer]);
  });

  it.each([
    ['basic', 'NEVER_HAPPENS'],
    ['diamond', 'TIER_UNKNOWN'],
  ])('are not published for %s', async (tier, code) => {
    const body = {
      name: 'x',
      trigger: { type: 'promotion', tier },
      amount: { type: 'fixed', points: 1 },
    };
    await api().put('/v1/earning-rules/y/draft', body);
    const answer = await api().post('/v1/earning-rules/y/publish', {});
    expect([answer.status, answer.body.errors[0]]).toMatchObject([422, { pointer: '/trigger/tier', code }]);
  });
});
