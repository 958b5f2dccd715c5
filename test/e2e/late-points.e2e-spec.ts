import { ProgrammeBuilder } from '../builders/programme.js';
import { line, receipt } from '../builders/receipt.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';
import { MovingClock } from '../harness/moving-clock.js';
import { countRowsLoaded } from '../harness/rows-loaded.js';

/** Points live ten days: what is earned on 2 November is over on the 13th. */
describe('points that were over before they were known, on an account that owes', () => {
  let engine: TestEngine;
  const clock = new MovingClock(Date.parse('2026-11-01T12:00:00+08:00'));
  const counted = countRowsLoaded();
  const member = { externalId: 'L-1' };
  const api = () => engine.api;

  /** A point for each NT$10. */
  const buys = async (points: number, occurredAt: string) =>
    (
      await api().post(
        '/v1/purchases',
        receipt({ member, occurredAt, lines: [line({ amountMinor: points * 1000, taxMinor: 0 })] }),
      )
    ).body;

  beforeAll(async () => {
    engine = await startTestEngine({ clock });
    const programme = await new ProgrammeBuilder(api()).shop();
    await programme.policy({ expiry: { type: 'days', days: 10 } });
    await programme.adjustmentReason('late-order', { direction: 'credit', origin: 'sale_compensation' });
    await api().post('/v1/members', { ...member, enrolledAt: '2025-01-01T00:00:00Z' });
    const bought = await buys(100, '2026-11-01T11:00:00+08:00');
    await api().post('/v1/redemptions', { member, points: 100, mode: 'capture' });
    const back = {
      ...{ source: 'store-1', receiptNo: 'RT-1', whole: true },
      occurredAt: '2026-11-01T12:00:00+08:00',
    };
    const returned = await api().post(`/v1/purchases/${bought.id}/returns`, back);
    expect(returned.body.balance).toMatchObject({ available: 0, debt: 100 });
  });
  afterAll(async () => {
    counted.stop();
    await engine.close();
  });

  it('fill what was open in their time: a debt of 100, a receipt of 70 points, 30 are left', async () => {
    clock.set('2026-11-28T12:00:00+08:00');
    const before = counted.rows();
    const late = await buys(70, '2026-11-02T12:00:00+08:00');
    expect(late).toMatchObject({
      ...{ pointsGranted: 70, pointsToDebt: 70, balance: { available: 0, debt: 30 }, notices: [] },
      grants: [{ points: 70, state: 'available' }],
    });
    expect(counted.rows()).toBeGreaterThan(before);
  });

  it('whoever gave them: a credit by hand that is dated back does, too', async () => {
    const { body } = await api().post('/v1/adjustments', {
      ...{ member, points: 20, reason: 'late-order', occurredAt: '2026-11-03T12:00:00+08:00' },
    });
    expect(body.balance).toMatchObject({ available: 0, debt: 10 });
  });

  it('fill the rest, and expire', async () => {
    const late = await buys(15, '2026-11-04T12:00:00+08:00');
    expect(late).toMatchObject({ pointsToDebt: 10, balance: { available: 0, debt: 0 } });
    expect(late.grants.map(({ points, state }: Record<string, unknown>) => [points, state])).toEqual([
      [10, 'available'],
      [5, 'expired'],
    ]);
    expect(late.notices).toMatchObject([{ code: 'POINTS_ALREADY_EXPIRED' }]);
  });

  it('cost receipts of now nothing: no row is loaded for them', async () => {
    const bought = await buys(40, '2026-11-28T11:00:00+08:00');
    await api().post('/v1/redemptions', { member, points: 40, mode: 'capture' });
    const back = {
      ...{ source: 'store-1', receiptNo: 'RT-2', whole: true },
      occurredAt: '2026-11-28T12:00:00+08:00',
    };
    await api().post(`/v1/purchases/${bought.id}/returns`, back);
    const before = counted.rows();
    expect(await buys(15, '2026-11-28T12:00:00+08:00')).toMatchObject({ pointsToDebt: 15 });
    expect(counted.rows()).toBe(before);
    // Its points were over before the debt began.
    expect(await buys(15, '2026-11-05T12:00:00+08:00')).toMatchObject({
      pointsToDebt: 0,
      balance: { debt: 25 },
    });
  });

  it('leave the books in order', async () => {
    expect((await api().get('/v1/admin/verify')).body).toMatchObject({ clean: true });
    expect((await api().get('/v1/finance/tie-out')).body.ties).toBe(true);
    // Points that never were a promise carry nothing; the five that expired did.
    const { lines } = (await api().get('/v1/finance/liability')).body;
    expect(Number(lines[0].gross)).toBe(0);
  });
});
