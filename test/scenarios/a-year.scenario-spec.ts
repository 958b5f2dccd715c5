import { ProgrammeBuilder } from '../builders/programme.js';
import { line, receipt } from '../builders/receipt.js';
import { groupBy } from '../../src/kernel/group-by.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';
import { MovingClock } from '../harness/moving-clock.js';

/**
 * Fifteen months of a shop in Taipei, with a clock that moves: one point for each NT$10, valid for a year, a
 * point worth NT$1 of which 90 % are expected back. Every month finance closes its books from what is exported.
 */
describe('fifteen months of a shop', () => {
  let engine: TestEngine;
  const clock = new MovingClock(Date.parse('2026-01-01T09:00:00+08:00'));
  const api = () => engine.api;
  const member = { externalId: 'Y-1' };

  const buys = async (amountMinor: number, at: string) => {
    clock.set(at);
    const taxMinor = Math.round((amountMinor * 5) / 105);
    const answer = await api().post(
      '/v1/purchases',
      receipt({ member, occurredAt: at, lines: [line({ amountMinor, taxMinor })] }),
    );
    expect(answer.status).toBe(201);
    return answer.body;
  };
  const liability = async (day: string) =>
    (await api().get(`/v1/finance/liability?asOf=${day}`)).body.lines[0];
  const balance = async () => (await api().get('/v1/members?externalId=Y-1')).body.data[0].balance;

  beforeAll(async () => {
    engine = await startTestEngine({ clock });
    const programme = await new ProgrammeBuilder(api()).shop();
    await programme.tiers({
      window: { type: 'calendar', unit: 'year' },
      tiers: [
        { key: 'basic', name: 'Basic', threshold: 0 },
        { key: 'silver', name: 'Silver', threshold: 300_000 },
      ],
    });
    await programme.rule('base', {
      amount: { type: 'perSpend', points: 1, stepMinor: 1000, tierMultipliers: { silver: '2' } },
    });
    await api().post('/v1/members', { ...member, enrolledAt: '2026-01-01T09:00:00+08:00' });
  });
  afterAll(() => engine.close());

  it('January: NT$1,050 earns 105 points, of which NT$82.89 is deferred', async () => {
    const { pointsGranted, grants } = await buys(105_000, '2026-01-15T18:30:00+08:00');
    expect(pointsGranted).toBe(105);
    expect(grants[0].expiresAt).toBe('2027-01-15T16:00:00.000Z');
    // TP 1,000.00 net; SSP of the points 105 / 1.05 x 0.9 = 90; 1000 x 90 / 1090 = 82.568807.
    expect(await liability('2026-01-31')).toMatchObject({ points: 105, gross: '82.568807' });
  });

  it('March: a big basket promotes at once, and the next one earns twice', async () => {
    expect((await buys(210_000, '2026-03-10T12:00:00+08:00')).tierChange).toMatchObject({
      from: 'basic',
      to: 'silver',
    });
    expect((await buys(10_000, '2026-03-11T12:00:00+08:00')).pointsGranted).toBe(20);
    expect(await balance()).toMatchObject({ available: 105 + 210 + 20 });
  });

  it('May: 150 points off the basket release what those points carried, oldest first', async () => {
    clock.set('2026-05-20T11:00:00+08:00');
    const { body } = await api().post('/v1/redemptions', { member, points: 150, mode: 'capture' });
    expect(body.lots.map(({ points }: { points: number }) => points)).toEqual([105, 45]);
    // The January lot is used up: 82.568807. Of the March lot 45 of 210: 165.137615 x 45 / 210 = 35.386632.
    const rows = (await api().get('/v1/finance/roll-forward?from=2026-05&to=2026-05')).body.months[0].rows;
    const redeemed = rows.find(({ row }: { row: string }) => row === 'redeemed');
    expect(redeemed).toEqual({ row: 'redeemed', points: -150, gross: '-117.955439' });
  });

  it('a receipt of February that comes in June is judged as February would have evaluated it', async () => {
    clock.set('2026-06-01T09:00:00+08:00');
    const occurredAt = '2026-02-14T20:00:00+08:00';
    const late = await api().post(
      '/v1/purchases',
      receipt({ member, occurredAt, lines: [line({ amountMinor: 20_000, taxMinor: 952 })] }),
    );
    expect(late.body).toMatchObject({
      pointsGranted: 20,
      grants: [{ expiresAt: '2027-02-14T16:00:00.000Z' }],
    });
  });

  it('the last instant of 10 March 2027 the points are there, the next they are gone, and the books say the 10th', async () => {
    clock.set('2027-03-10T23:59:59+08:00');
    expect(await balance()).toMatchObject({ available: 165 + 20 });
    clock.set('2027-03-11T00:00:00+08:00');
    expect(await balance()).toMatchObject({ available: 20 });
    clock.set('2027-03-12T00:00:00+08:00');
    expect(await balance()).toMatchObject({ available: 0, total: 0 });
    expect(await liability('2027-03-09')).toMatchObject({ points: 185 });
    expect(await liability('2027-03-10')).toMatchObject({ points: 20 });
    expect(await liability('2027-03-11')).toMatchObject({ points: 0, gross: '0.000000', net: '0.000000' });
  });

  it('every month foots, every entry balances, the lots tie to the control account, and the audit is clean', async () => {
    const { months } = (await api().get('/v1/finance/roll-forward?from=2026-01&to=2027-03')).body;
    let closing = 0n;
    for (const { rows } of months) {
      const amounts = rows.map(({ gross }: { gross: string }) => BigInt(gross.replace('.', '')));
      expect(amounts[0]).toBe(closing);
      closing = amounts.at(-1);
      expect(amounts.slice(0, -1).reduce((sum: bigint, amount: bigint) => sum + amount, 0n)).toBe(closing);
    }
    expect(closing).toBe(0n);

    const journals = await Promise.all(
      [
        ['2026-01', '2026-12'],
        ['2027-01', '2027-03'],
      ].map(([from, to]) => api().get(`/v1/finance/journal?from=${from}&to=${to}`)),
    );
    const lines: Record<string, string>[] = journals.flatMap(({ body }) => body.lines);
    const cents = (text: string | undefined) => BigInt((text ?? '').replace('.', ''));
    const sum = (rows: readonly Record<string, string>[], side: 'debit' | 'credit') =>
      rows.reduce((total, row) => total + cents(row[side]), 0n);
    const entries = groupBy(lines, (row) => row['entryId']);
    expect(entries.size).toBeGreaterThan(5);
    for (const entry of entries.values()) {
      const documents = groupBy(entry, (row) => `${row['eventCode']} ${String(row['manual'])}`);
      for (const rows of documents.values()) expect(sum(rows, 'debit')).toBe(sum(rows, 'credit'));
    }
    const control = lines.filter((row) => row['accountRole'] === 'CL_POINTS');
    expect(control.length).toBeGreaterThan(5);
    expect(sum(control, 'debit')).toBe(sum(control, 'credit'));

    expect((await api().get('/v1/finance/tie-out')).body.ties).toBe(true);
    expect((await api().get('/v1/admin/verify')).body).toMatchObject({ clean: true, accounts: 1, lots: 4 });
  });
});
