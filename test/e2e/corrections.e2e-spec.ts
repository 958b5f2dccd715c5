import { LEFT_TO_ITS_REQUEST_MS } from '../../src/adjustments/correction-finisher.js';
import { JobRunner } from '../../src/platform/jobs/job-runner.js';
import { Pipeline } from '../../src/platform/pipeline/index.js';
import { ProgrammeBuilder } from '../builders/programme.js';
import { receipt } from '../builders/receipt.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';
import { MovingClock } from '../harness/moving-clock.js';

const AT = '2026-11-20T11:00:00+08:00';
/** Points of 1.00 and nine of ten redeemed carry 0.857143 each, tax taken out. */
const CARRIED = 900 / 1.05;

describe('a credit that is reversed after its points went elsewhere', () => {
  let engine: TestEngine;
  const clock = new MovingClock(Date.parse('2026-11-20T12:00:00+08:00'));
  const api = () => engine.api;
  let made = 0;

  beforeAll(async () => {
    engine = await startTestEngine({ clock });
    const programme = await new ProgrammeBuilder(api()).shop();
    await programme.policy({ transfers: { expiry: 'keep' } });
    await programme.adjustmentReason('late-order', { direction: 'credit', origin: 'sale_compensation' });
    await programme.adjustmentReason('mistake', { direction: 'debit', approvalAbove: 10_000 });
  });
  afterAll(() => engine.close());
  afterEach(async () => {
    expect((await api().get('/v1/admin/verify')).body).toMatchObject({ clean: true });
    expect((await api().get('/v1/finance/tie-out')).body.ties).toBe(true);
    // Whatever was given was taken back, to the last of what it carried.
    expect(Number((await api().get('/v1/finance/liability')).body.lines[0].gross)).toBe(0);
  });

  async function enrolled(): Promise<{ id: string }> {
    made += 1;
    return (await api().post('/v1/members', { externalId: `E-${made}` })).body;
  }
  const give = async ({ id }: { id: string }, points = 1000) =>
    (await api().post('/v1/adjustments', { member: { id }, points, reason: 'late-order' })).body;
  const send = (from: { id: string }, to: { id: string }, points: number) =>
    api().post('/v1/transfers', { from: { id: from.id }, to: { id: to.id }, points });
  const undo = (adjustment: { id: string }, headers: Record<string, string> = {}, query = '') =>
    api().post(`/v1/adjustments/${adjustment.id}/reverse${query}`, { reason: 'mistake' }, headers);
  const balanceOf = async ({ id }: { id: string }) => (await api().get(`/v1/members/${id}/balance`)).body;
  const DONE = { taken: 1000, expired: 0, debt: 0, forgiven: 0, elsewhere: [], returnId: null };

  it('is taken from every member who got some, under one id, and the answer is the whole of it', async () => {
    const [person, friend, other] = [await enrolled(), await enrolled(), await enrolled()];
    const given = await give(person);
    for (const to of [friend, other]) expect((await send(person, to, 300)).status).toBe(201);
    expect((await send(friend, other, 100)).status).toBe(201);
    const dry = await undo(given, {}, '?dryRun=true');
    expect(dry.body.outcome).toMatchObject({ taken: 400, elsewhere: [{ points: 400 }, { points: 200 }] });
    const headers = { 'idempotency-key': `undo-${given.id}` };
    const undone = await undo(given, headers);
    expect([undone.status, undone.body.outcome]).toEqual([201, DONE]);
    expect(undone.body.balance).toMatchObject({ available: 0, debt: 0 });
    for (const each of [friend, other])
      expect(await balanceOf(each)).toMatchObject({ available: 0, debt: 0 });
    expect((await undo(given, headers)).body).toEqual(undone.body);
    expect((await undo(given)).body.code).toBe('ADJUSTMENT_REVERSED');
    const { balance: _, ...stored } = undone.body;
    expect((await api().get(`/v1/adjustments/${undone.body.id}`)).body).toEqual(stored);
    const lines = (await api().get('/v1/finance/journal?from=2026-11&to=2026-11')).body.lines as Record<
      string,
      string
    >[];
    const taken = lines.filter(
      ({ eventCode, accountRole }) => eventCode === 'E24' && accountRole === 'CL_POINTS',
    );
    expect(taken.reduce((sum, { debit }) => sum + Number(debit), 0)).toBeCloseTo(CARRIED, 2);
  });

  it('takes the points a forfeit took with it: they come back no more, as with a receipt that was returned', async () => {
    const person = await enrolled();
    const forfeit = async (points: number) =>
      (await api().post('/v1/adjustments', { member: { id: person.id }, points: -points, reason: 'mistake' }))
        .body;
    const giveBack = ({ id }: { id: string }) =>
      api().post(`/v1/adjustments/${id}/reverse`, { reason: 'late-order' });
    const credit = await give(person, 300);
    const taken = await forfeit(300);
    expect((await undo(credit)).body.outcome).toMatchObject({ taken: 0, expired: 300 });
    expect((await giveBack(taken)).body.code).toBe('POINTS_TAKEN_BACK');

    const bought = await api().post('/v1/purchases', receipt({ member: { id: person.id }, occurredAt: AT }));
    const { id, pointsGranted } = bought.body;
    const other = await forfeit(pointsGranted);
    const back = { source: 'pos-1', receiptNo: 'back-1', occurredAt: AT, whole: true };
    const returned = await api().post(`/v1/purchases/${id}/returns`, back);
    expect(returned.body).toMatchObject({ pointsTaken: 0, pointsGone: pointsGranted });
    expect((await giveBack(other)).body.code).toBe('POINTS_TAKEN_BACK');
    expect(await balanceOf(person)).toMatchObject({ available: 0, debt: 0 });
  });

  /** A reversal that the process did not survive: 300 of 1,000 points are still to be taken, of the other. */
  async function interrupted() {
    const [person, friend, other] = [await enrolled(), await enrolled(), await enrolled()];
    const given = await give(person);
    for (const to of [friend, other]) await send(person, to, 300);
    const pipeline = engine.engine.app.get(Pipeline);
    const submit = pipeline.submit.bind(pipeline);
    let taken = 0;
    pipeline.submit = (command) => {
      if (command.type === 'adjustment.takeElsewhere') taken += 1;
      return taken === 2 ? Promise.reject(new Error('the process died')) : submit(command);
    };
    expect((await undo(given)).status).toBe(500);
    pipeline.submit = submit;
    const [half] = (await api().get(`/v1/adjustments?memberId=${person.id}`)).body.data;
    expect(half).toMatchObject({
      ...{ status: 'posted', correctsId: given.id },
      outcome: { taken: 700, debt: 0, elsewhere: [{ points: 300 }] },
    });
    return { given, half, other };
  }

  it('goes on where it was interrupted when it is said again', async () => {
    const { given, half } = await interrupted();
    const undone = await undo(given);
    expect([undone.status, undone.body.id, undone.body.outcome]).toEqual([200, half.id, DONE]);
    expect((await undo(given)).body.code).toBe('ADJUSTMENT_REVERSED');
  });

  it('goes on by itself where it was interrupted, unless its request may still be under way', async () => {
    const { given, half, other } = await interrupted();
    const stored = async () => (await api().get(`/v1/adjustments/${half.id}`)).body;
    const runner = engine.engine.app.get(JobRunner);
    expect(await runner.run('finish-corrections')).toMatchObject({ outcome: 'succeeded' });
    expect((await stored()).outcome).toEqual(half.outcome);
    clock.advance({ seconds: LEFT_TO_ITS_REQUEST_MS / 1000 + 1 });
    for (let again = 0; again < 2; again += 1)
      expect(await runner.run('finish-corrections')).toMatchObject({ outcome: 'succeeded' });
    expect((await stored()).outcome).toEqual(DONE);
    expect(await balanceOf(other)).toMatchObject({ available: 0, debt: 0 });
    const { data } = (await api().get(`/v1/audit?action=adjustment.continued&subject=adjustment/${half.id}`))
      .body;
    expect(data.map(({ actor }: { actor: string }) => actor)).toEqual([
      'engine',
      expect.stringMatching(/^key_/),
    ]);
    expect((await undo(given)).body.code).toBe('ADJUSTMENT_REVERSED');
  });

  it('is taken from the household that its member left without it', async () => {
    const [head, person] = [await enrolled(), await enrolled()];
    const { body: household } = await api().post('/v1/households', { head: { id: head.id } });
    const path = `/v1/households/${household.id}/members`;
    await api().post(path, { member: { id: person.id }, role: 'adult' });
    const given = await give(person);
    await api().post(`${path}/${person.id}/leave`, { split: { points: 250 } });
    expect(await balanceOf(head)).toMatchObject({ available: 750 });
    expect((await undo(given)).body).toMatchObject({ outcome: DONE, balance: { available: 0, debt: 0 } });
    expect(await balanceOf(head)).toMatchObject({ available: 0, debt: 0 });
  });

  it('is taken from whom its member turned out to be, and from whom that one sent it to', async () => {
    const [duplicate, person, friend] = [await enrolled(), await enrolled(), await enrolled()];
    const given = await give(duplicate);
    await api().post(`/v1/members/${person.id}/merge`, { duplicate: { id: duplicate.id } });
    expect(await balanceOf(person)).toMatchObject({ available: 1000 });
    await send(person, friend, 600);
    expect((await undo(given)).body).toMatchObject({ outcome: DONE, balance: { available: 0, debt: 0 } });
  });
});
