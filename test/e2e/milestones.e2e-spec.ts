import { ProgrammeBuilder } from '../builders/programme.js';
import { line, receipt } from '../builders/receipt.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';
import { MovingClock } from '../harness/moving-clock.js';

const EVERY_THIRD = {
  trigger: { type: 'milestone', measure: 'purchases', window: { type: 'calendar', unit: 'month' }, step: 3 },
  amount: { type: 'fixed', points: 300 },
};

describe('milestones, out of the tables', () => {
  let engine: TestEngine;
  const clock = new MovingClock();
  const api = () => engine.api;
  let receipts = 0;

  beforeAll(async () => {
    clock.set('2026-03-01T00:00:00+08:00');
    engine = await startTestEngine({ clock });
    const programme = new ProgrammeBuilder(api());
    await programme.policy({ returnPolicy: 'debt', expiry: { type: 'days', days: 5 } });
    await programme.accounting();
    await programme.rule('third', EVERY_THIRD);
    clock.set('2026-03-10T12:00:00+08:00');
  });
  afterAll(() => engine.close());

  async function enrol(externalId: string): Promise<string> {
    const { status, body } = await api().post('/v1/members', { externalId });
    expect(status).toBe(201);
    return body.id as string;
  }

  async function buy(member: string, query = '?explain=true') {
    pass(60_000);
    const lines = [line({ amountMinor: 100_000, taxMinor: 0 })];
    const body = receipt({ member: { id: member }, occurredAt: now(), lines });
    const answer = await api().post(`/v1/purchases${query}`, body);
    expect([200, 201]).toContain(answer.status);
    return answer.body;
  }

  async function giveBack(purchaseId: string) {
    receipts += 1;
    const body = { source: 'store-1', receiptNo: `RT-${receipts}`, occurredAt: now(), whole: true };
    const answer = await api().post(`/v1/purchases/${purchaseId}/returns`, body);
    expect(answer.status).toBe(201);
    return answer.body;
  }

  const pass = (milliseconds: number) => clock.set(new Date(clock.now() + milliseconds).toISOString());
  const now = () => new Date(clock.now()).toISOString();

  it('explain how far they are, and are tried out without being given', async () => {
    const ann = await enrol('ann');
    await buy(ann);
    const second = await buy(ann);
    expect(second.explanation).toMatchObject([
      { why: 'milestoneNotReached', milestone: { measured: 2, steps: 0, missing: 1 } },
    ]);
    const { body } = await api().get(`/v1/purchases/${second.id}?explain=true`);
    expect(body.explanation).toEqual(second.explanation);
    expect((await buy(ann, '?dryRun=true')).pointsGranted).toBe(300);
    expect((await buy(ann)).pointsGranted).toBe(300);
    expect((await buy(ann)).pointsGranted).toBe(0);
  });

  it('find lots that are spent and expired by then, and take the next step for one that comes back', async () => {
    const bob = await enrol('bob');
    const bought: { id: string }[] = [];
    for (let index = 0; index < 6; index += 1) bought.push(await buy(bob));
    const spent = { member: { id: bob }, points: 250, mode: 'capture', externalId: 'RD-1' };
    expect((await api().post('/v1/redemptions', spent)).status).toBe(201);
    pass(6 * 86_400_000);
    // Of the older lot 50 points were left and expired, with all 300 of the younger: 250 are owed once both are taken.
    const back = await giveBack(bought[0]?.id as string);
    expect(back).toMatchObject({ pointsGone: 300, milestones: [{ ruleId: 'third', steps: 1, points: 300 }] });
    for (const index of [1, 2]) await giveBack(bought[index]?.id as string);
    const last = await giveBack(bought[3]?.id as string);
    expect(last).toMatchObject({ pointsGone: 50, pointsFromDebtPolicy: { debt: 250 } });
    const { body } = await api().get(`/v1/returns/${last.id}`);
    expect(body.milestones).toEqual(last.milestones);
  });

  it('are pooled by a merge, counted each for themselves in a household, and verified', async () => {
    const [eve, twin, head] = [await enrol('eve'), await enrol('twin'), await enrol('head')];
    for (let index = 0; index < 3; index += 1) await buy(twin);
    const first = await buy(eve);
    const merged = await api().post(`/v1/members/${eve}/merge`, { duplicate: { id: twin } });
    expect(merged.status).toBe(200);
    await buy(eve);
    expect((await buy(eve)).pointsGranted).toBe(300);
    const { body: home } = await api().post('/v1/households', { name: 'Home', head: { id: head } });
    const joined = await api().post(`/v1/households/${home.id}/members`, {
      member: { id: eve },
      role: 'adult',
    });
    expect(joined.status).toBe(201);
    expect((await buy(head)).pointsGranted).toBe(0);
    const seventh = await buy(eve);
    expect(seventh.pointsGranted).toBe(0);
    // Seven receipts of hers: two that come back leave five, and the step of the sixth goes out of what was moved here.
    expect(await giveBack(first.id as string)).toMatchObject({ pointsTaken: 0, milestones: [] });
    expect(await giveBack(seventh.id as string)).toMatchObject({
      pointsTaken: 300,
      pointsFromDebtPolicy: { debt: 0 },
    });
    expect((await api().get('/v1/admin/verify')).body).toMatchObject({ clean: true });
  });

  it('are published with what they can count only', async () => {
    const draft = async (trigger: object, more: object = {}) => {
      const path = '/v1/earning-rules/other/draft';
      const definition = {
        ...EVERY_THIRD,
        name: 'o',
        ...more,
        trigger: { ...EVERY_THIRD.trigger, ...trigger },
      };
      const { status, body } = await api().put(path, definition);
      return [status, ...((body.errors ?? []) as { pointer: string }[]).map(({ pointer }) => pointer)];
    };
    expect(await draft({ step: 0 })).toEqual([422, '/trigger/step']);
    expect(await draft({ window: undefined })).toEqual([422, '/trigger/window']);
    expect(await draft({ window: { type: 'rolling', days: 7 } })).toEqual([422, '/trigger/window/type']);
    expect(await draft({}, { origin: 'non_purchase' })).toEqual([422, '/origin']);
    expect(await draft({}, { condition: 'time.weekday == 6' })).toEqual([422, '/condition']);
    expect(await draft({ first: 3 })).toEqual([200]);
  });
});
