import { ProgrammeBuilder } from '../builders/programme.js';
import { line, receipt } from '../builders/receipt.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';
import { MovingClock } from '../harness/moving-clock.js';

describe('activities over HTTP', () => {
  let engine: TestEngine;
  const clock = new MovingClock(Date.parse('2026-11-20T12:00:00+08:00'));
  const member = { externalId: 'A-1' };

  const checkIn = (externalId: string, occurredAt: string) =>
    engine.api.post('/v1/activities', { type: 'check-in', externalId, member, occurredAt });

  /** Points of a receipt of NT$100, which the base rule gives 10 for. */
  const buys = async (receiptNo: string, occurredAt: string) => {
    const sold = receipt({
      receiptNo,
      member,
      occurredAt,
      lines: [line({ amountMinor: 10_000, taxMinor: 0 })],
    });
    const { body } = await engine.api.post('/v1/purchases?explain=true', sold);
    const regular = body.explanation.find(({ rule }: { rule: { id: string } }) => rule.id === 'regular');
    return [body.pointsGranted, regular.why, regular.condition?.values];
  };

  beforeAll(async () => {
    engine = await startTestEngine({ clock });
    const programme = await new ProgrammeBuilder(engine.api).shop();
    await programme.activityType('check-in', { reportedBy: ['pos', 'admin'] });
    await programme.rule('check-in', {
      trigger: { type: 'activity', activity: 'check-in' },
      amount: { type: 'fixed', points: 5 },
    });
    await programme.rule('regular', {
      condition: 'history.activities("check-in within 7 days") >= 2',
      amount: { type: 'fixed', points: 100 },
    });
    await engine.api.post('/v1/members', { externalId: 'A-1' });
  });
  afterAll(() => engine?.close());

  it('earn, are answered again as before, listed, cancelled once, and asked for by rules about receipts', async () => {
    expect(await buys('R-1', '2026-11-20T09:00:00+08:00')).toEqual([
      10,
      'conditionFalse',
      { 'history.activities("check-in within 7 days")': '0' },
    ]);
    const { body: first } = await checkIn('C-1', '2026-11-14T08:00:00+08:00');
    expect(first.pointsGranted).toBe(5);
    const again = await checkIn('C-1', '2026-11-14T08:00:00+08:00');
    expect([again.status, again.headers.get('idempotency-replayed'), again.body]).toEqual([
      200,
      'true',
      first,
    ]);
    const { body: second } = await checkIn('C-2', '2026-11-20T10:00:00+08:00');
    await checkIn('C-3', '2026-11-13T23:59:59+08:00');
    // Before the second check-in, and after it.
    expect((await buys('R-2', '2026-11-20T09:59:59+08:00'))[1]).toBe('conditionFalse');
    expect((await buys('R-3', '2026-11-20T11:00:00+08:00')).slice(0, 2)).toEqual([110, 'matched']);

    const cancelled = await engine.api.post(`/v1/activities/${second.id}/cancel`, { reason: 'Twice' });
    expect(cancelled.body).toMatchObject({ pointsTaken: 5, debt: 0 });
    const repeat = await engine.api.post(`/v1/activities/${second.id}/cancel`, {});
    expect([repeat.status, repeat.body]).toEqual([200, cancelled.body]);
    expect((await buys('R-4', '2026-11-20T11:30:00+08:00'))[1]).toBe('conditionFalse');

    const { body: list } = await engine.api.get('/v1/activities?type=check-in&from=2026-11-14&to=2026-11-20');
    expect(list.data.map(({ externalId }: { externalId: string }) => externalId)).toEqual(['C-2', 'C-1']);
    const { body: got } = await engine.api.get(`/v1/activities/${second.id}?explain=true`);
    expect(got).toMatchObject({
      cancellation: { reason: 'Twice' },
      explanation: [{ why: 'matched', points: 5 }],
    });
  });

  it('are reported by keys whose scope the type names', async () => {
    const shop = await engine.withScopes('activities');
    const body = { type: 'check-in', externalId: 'C-9', member, occurredAt: '2026-11-20T10:00:00+08:00' };
    const refused = await shop.post('/v1/activities', body);
    expect([refused.status, refused.body.code]).toEqual([403, 'ACTIVITY_NOT_REPORTABLE']);
  });

  it('are declared before a rule names them', async () => {
    const rule = {
      name: 'x',
      trigger: { type: 'activity', activity: 'dance' },
      amount: { type: 'fixed', points: 1 },
    };
    await engine.api.put('/v1/earning-rules/dance/draft', rule);
    const { status, body } = await engine.api.post('/v1/earning-rules/dance/publish', {});
    expect([status, body.errors[0].pointer, body.errors[0].code]).toEqual([
      422,
      '/trigger/activity',
      'ACTIVITY_TYPE_UNKNOWN',
    ]);
  });
});
