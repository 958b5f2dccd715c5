import { ProgrammeBuilder } from '../builders/programme.js';
import { line, receipt } from '../builders/receipt.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';

describe('what a till sends again because it heard no answer', () => {
  let engine: TestEngine;
  const api = () => engine.api;
  const member = { externalId: 'C-1' };

  beforeAll(async () => {
    engine = await startTestEngine();
    const programme = await new ProgrammeBuilder(api()).shop();
    await programme.policy({ transfers: { expiry: 'keep' } });
    await programme.adjustmentReason('sorry');
    await api().post('/v1/members', { ...member, enrolledAt: '2025-01-01T00:00:00Z' });
    await api().post('/v1/members', { externalId: 'C-2' });
    const lines = [line({ amountMinor: 10_000_000, taxMinor: 0 })];
    await api().post('/v1/purchases', receipt({ lines }));
  });
  afterAll(() => engine.close());

  /** Without the key that the client of the tests would add. */
  const bare = (path: string, body: unknown) =>
    api().raw('POST', path, JSON.stringify(body), 'application/json');
  const available = async () =>
    (await api().get('/v1/members?externalId=C-1')).body.data[0].balance.available as number;
  const captured = async (points: number) => {
    const body = { member, points, mode: 'capture' };
    return (await api().post('/v1/redemptions', body)).body.id as string;
  };

  it.each<[string, string, object]>([
    ['a redemption', '/v1/redemptions', { member, points: 10, mode: 'capture' }],
    ['a hold', '/v1/redemptions', { member, points: 10, mode: 'authorise' }],
    ['a transfer', '/v1/transfers', { from: member, to: { externalId: 'C-2' }, points: 10 }],
    ['an adjustment', '/v1/adjustments', { member, points: 10, reason: 'sorry' }],
  ])('needs a name: %s', async (_, path, body) => {
    const before = await available();
    const refused = await bare(path, body);
    expect([refused.status, refused.body.code]).toEqual([422, 'NAME_REQUIRED']);
    expect(refused.body.detail).toMatch(/^Send the header Idempotency-Key, or an externalId .*\.$/);
    expect(await available()).toBe(before);
    expect((await bare(`${path}?dryRun=true`, body)).status).toBeLessThan(300);
    const first = await bare(path, { ...body, externalId: `once ${path} ${JSON.stringify(body).length}` });
    const again = await bare(path, { ...body, externalId: `once ${path} ${JSON.stringify(body).length}` });
    expect([first.status, again.status, again.text]).toEqual([201, 200, first.text]);
  });

  it('needs a name where it is a part of a redemption that comes back', async () => {
    const id = await captured(100);
    const before = await available();
    const refused = await bare(`/v1/redemptions/${id}/reverse`, { points: 20 });
    expect([refused.status, refused.body.code]).toEqual([422, 'NAME_REQUIRED']);
    const once = { 'idempotency-key': `part of ${id}`.replaceAll(' ', '-') };
    for (const status of [200, 200])
      expect((await api().post(`/v1/redemptions/${id}/reverse`, { points: 20 }, once)).status).toBe(status);
    expect(await available()).toBe(before + 20);
    expect((await bare(`/v1/redemptions/${id}/reverse`, {})).status).toBe(200);
    expect((await bare(`/v1/redemptions/${id}/reverse`, {})).body.code).toBe('NOTHING_LEFT_TO_REVERSE');
    expect(await available()).toBe(before + 100);
  });

  it.each([
    ['capture', {}],
    ['capture', { points: 40 }],
    ['void', {}],
  ])('is answered as the first: %s %j of a hold', async (step, body) => {
    const hold = await api().post('/v1/redemptions', { member, points: 100, mode: 'authorise' });
    const path = `/v1/redemptions/${hold.body.id}/${step}`;
    const answers = [await bare(path, body), await bare(path, body), await bare(path, body)];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(answers.map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, 'true', 'true']);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    if (step === 'capture') {
      const other = await bare(path, { points: 1 });
      expect([other.status, other.body.code]).toEqual([422, 'REDEMPTION_CONFLICT']);
    }
    const [other] = step === 'capture' ? ['void'] : ['capture'];
    const late = await bare(`/v1/redemptions/${hold.body.id}/${other}`, {});
    expect([late.status, late.body.code]).toEqual([409, 'REDEMPTION_NOT_AUTHORISED']);
  });

  it('leaves books and claims that verify', async () => {
    expect((await api().get('/v1/admin/verify')).body).toMatchObject({ clean: true, differences: [] });
  });
});
