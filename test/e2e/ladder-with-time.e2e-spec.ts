import { ProgrammeBuilder } from '../builders/programme.js';
import { line, receipt } from '../builders/receipt.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';
import { MovingClock } from '../harness/moving-clock.js';
import { runJob } from '../harness/run-job.js';

/** The first instant of a day in Taipei. */
const midnight = (day: string) => new Date(`${day}T00:00:00+08:00`).toISOString();

/**
 * A grocer in Taipei: NT$1,000 within a quarter make silver through the next quarter, and NT$500 within the last quarter
 * keep it. Who does not keep it has 14 days of grace.
 */
describe('a ladder over quarters', () => {
  let engine: TestEngine;
  let memberId: string;
  const clock = new MovingClock(Date.parse('2026-01-05T12:00:00+08:00'));
  const member = { externalId: 'G-1' };
  const buys = async (occurredAt: string, amountMinor: number) => {
    const bought = receipt({ member, occurredAt, lines: [line({ amountMinor, taxMinor: 0 })] });
    const { status, text, body } = await engine.api.post('/v1/purchases', bought);
    expect([status, text]).toEqual([201, text]);
    return body;
  };
  const standing = async (query = '') => {
    const { status, body } = await engine.api.get(`/v1/members/${memberId}/standing${query}`);
    expect(status).toBe(200);
    return body;
  };
  const changes = async () => {
    const { body } = await engine.api.get('/v1/events?limit=500');
    return (body.data as { type: string; data: Record<string, unknown> }[])
      .filter(({ type }) => type === 'tier.changed')
      .map(({ data: { from, to, since } }) => [from, to, since]);
  };

  beforeAll(async () => {
    engine = await startTestEngine({ clock });
    const programme = await new ProgrammeBuilder(engine.api).shop();
    await programme.policy({ expiry: { type: 'never' }, backdating: { receiptDays: 60 } });
    const quarter = { type: 'calendar', unit: 'quarter' };
    await programme.tiers({
      window: quarter,
      tiers: [
        { key: 'basic', name: 'Basic', threshold: 0 },
        {
          ...{ key: 'silver', name: 'Silver', threshold: 100_000 },
          keep: { type: 'measure', measure: 'spend', window: quarter, value: 50_000 },
        },
        { key: 'gold', name: 'Gold', threshold: 500_000 },
      ],
      validity: { type: 'endOfNextPeriod', period: quarter },
      grace: { days: 14 },
    });
    memberId = (await engine.api.post('/v1/members', { ...member, enrolledAt: midnight('2026-01-01') })).body
      .id;
  });
  afterAll(() => engine.close());

  it('promotes with the receipt that reaches it, and says until when', async () => {
    clock.set('2026-02-10T12:00:00+08:00');
    const bought = await buys('2026-02-10T11:00:00+08:00', 120_000);
    expect(bought.tierChange).toMatchObject({ from: 'basic', to: 'silver' });
    expect(await standing()).toEqual({
      ...{ tier: 'silver', since: '2026-02-10T03:00:00.000Z', validUntil: midnight('2026-07-01') },
      // Nothing is bought in the second quarter so far.
      ...{ inGrace: false, atNextRoll: 'basic', nextTier: 'gold' },
      progress: [{ measure: 'spend', value: 120_000, toKeep: 0, toNext: 380_000 }],
      reason: { type: 'purchase', purchaseId: bought.id, returnId: null },
    });
  });

  it('extends it with what reaches it once more, and renews it with what keeps it', async () => {
    clock.set('2026-05-05T12:00:00+08:00');
    await buys('2026-05-05T11:00:00+08:00', 150_000);
    expect(await standing()).toMatchObject({ tier: 'silver', validUntil: midnight('2026-10-01') });
    clock.set('2026-08-15T12:00:00+08:00');
    await buys('2026-08-15T11:00:00+08:00', 60_000);
    expect(await standing()).toMatchObject({ validUntil: midnight('2026-10-01'), atNextRoll: 'silver' });
    // No job ran: whoever asks after midnight sees what it will write.
    clock.set('2026-10-01T00:00:01+08:00');
    expect(await standing()).toMatchObject({
      ...{ tier: 'silver', since: '2026-02-10T03:00:00.000Z', validUntil: midnight('2027-04-01') },
      progress: [{ value: 0, toKeep: 50_000, toNext: 500_000 }],
    });
  });

  it('gives grace to who did not keep it, and demotes with the job of the night', async () => {
    clock.set('2027-02-01T12:00:00+08:00');
    await buys('2027-02-01T11:00:00+08:00', 10_000);
    clock.set('2027-04-01T09:00:00+08:00');
    expect(await standing()).toMatchObject({
      ...{ tier: 'silver', validUntil: midnight('2027-04-15'), inGrace: true, atNextRoll: 'basic' },
    });
    clock.set('2027-04-15T03:00:00+08:00');
    await runJob(engine.engine.app, 'apply-due');
    expect(await changes()).toEqual([
      ['basic', 'silver', '2026-02-10T03:00:00.000Z'],
      ['silver', 'basic', midnight('2027-04-15')],
    ]);
    expect(await standing()).toMatchObject({
      ...{ tier: 'basic', since: midnight('2027-04-15'), validUntil: null, nextTier: 'silver' },
      reason: { type: 'roll', purchaseId: null, returnId: null },
    });
  });

  it('takes the demotion back with a late receipt that would have kept the tier, and with its return again', async () => {
    clock.set('2027-04-20T12:00:00+08:00');
    const late = await buys('2027-03-20T12:00:00+08:00', 45_000);
    expect(late.tierChange).toMatchObject({ from: 'basic', to: 'silver', since: midnight('2027-04-15') });
    const kept = {
      ...{ tier: 'silver', since: '2026-02-10T03:00:00.000Z', validUntil: midnight('2027-10-01') },
      reason: { type: 'purchase' },
    };
    expect(await standing()).toMatchObject(kept);
    const back = {
      source: 'store-1',
      receiptNo: 'RT-1',
      whole: true,
      occurredAt: '2027-04-21T12:00:00+08:00',
    };
    clock.set('2027-04-21T12:00:00+08:00');
    const { body } = await engine.api.post(`/v1/purchases/${late.id}/returns`, back);
    expect(body.tierChange).toMatchObject({ from: 'silver', to: 'basic' });
    expect(await standing()).toMatchObject({ tier: 'basic', reason: { type: 'return', returnId: body.id } });
  });

  it('knows what was known when', async () => {
    const asOf = (day: string, knownAt = '') =>
      standing(`?asOf=${midnight(day)}${knownAt && `&knownAt=${midnight(knownAt)}`}`);
    expect(await asOf('2026-10-02')).toMatchObject({ tier: 'silver', validUntil: midnight('2027-04-01') });
    expect(await asOf('2027-04-10', '2027-04-11')).toMatchObject({ tier: 'silver', inGrace: true });
    expect(await asOf('2027-04-16', '2027-04-17')).toMatchObject({ tier: 'basic' });
    expect(await asOf('2027-04-16', '2027-04-21')).toMatchObject({ tier: 'silver', inGrace: false });
    expect((await engine.api.get('/v1/admin/verify')).body).toMatchObject({ clean: true });
  });
});
