import type { DataSource } from 'typeorm';
import type { ProgrammeId } from '../../src/kernel/ids.js';
import { VerifyService } from '../../src/integrity/index.js';
import { DATA_SOURCE } from '../../src/platform/tokens.js';
import { ProgrammeBuilder } from '../builders/programme.js';
import { line, receipt } from '../builders/receipt.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';
import { MovingClock } from '../harness/moving-clock.js';

describe('finance reports over HTTP', () => {
  let engine: TestEngine;
  const clock = new MovingClock(Date.parse('2026-11-20T12:00:00+08:00'));
  const get = (path: string) => engine.api.get(`/v1/finance/${path}`);

  beforeAll(async () => {
    engine = await startTestEngine({ clock });
    const { api } = engine;
    await (await new ProgrammeBuilder(api).shop()).tiers();
    await api.post('/v1/members', { externalId: 'C-1', enrolledAt: '2025-01-01T00:00:00Z' });
    // Two receipts of vector A20's price: NT$1,050 with tax, 105 points at NT$1 with tax.
    expect((await api.post('/v1/purchases', receipt())).status).toBe(201);
    expect((await api.post('/v1/purchases', receipt({ lines: [line(), line({ lineNo: 2 })] }))).status).toBe(
      201,
    );
    const redeemed = { member: { externalId: 'C-1' }, points: 40, mode: 'capture' };
    expect((await api.post('/v1/redemptions', redeemed)).status).toBe(201);
    const held = { member: { externalId: 'C-1' }, points: 7, mode: 'authorise' };
    expect((await api.post('/v1/redemptions', held)).status).toBe(201);
  });
  afterAll(() => engine.close());

  it('tells the liability, and that it ties to the lots and to the listing', async () => {
    const { status, body } = await get('liability');
    expect(status).toBe(200);
    expect(body.lines).toHaveLength(1);
    const [{ gross, net }] = body.lines;
    expect(body.lines[0]).toMatchObject({
      entity: 'TW01',
      currency: 'TWD',
      points: 275,
      expectedBreakage: '0.000000',
    });
    expect(gross).toMatch(/^\d+\.\d{6}$/);
    expect(net).toBe(gross);
    expect((await get('tie-out')).body).toMatchObject({ ties: true, lines: [{ lots: 2, control: gross }] });
    const lots = (await get('lots?limit=1')).body;
    expect(lots.totals).toMatchObject({ lots: 2, points: 315, outstanding: 275, liability: gross });
    expect(lots.data[0]).toMatchObject({
      points: 105,
      redeemed: 40,
      valuation: { policyVersion: 1, taxRate: '0.05' },
    });
    const rest = (await get(`lots?limit=1&asOf=${lots.asOf}&cursor=${lots.nextCursor}`)).body;
    expect(rest).toMatchObject({ totals: null, data: [{ points: 210 }], nextCursor: null });
  });

  it('answers as CSV files', async () => {
    for (const path of [
      'liability?format=csv',
      'tie-out?format=csv',
      'roll-forward?from=2026-11&to=2026-11&format=csv',
      'journal?from=2026-11&to=2026-11&format=csv',
      'lots?format=csv',
    ]) {
      const { status, headers, text } = await get(path);
      expect([path, status]).toEqual([path, 200]);
      expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
      expect(headers.get('content-disposition')).toMatch(/^attachment; filename="[\w.-]+\.csv"$/);
      expect(text.split('\r\n').length).toBeGreaterThan(2);
    }
    expect((await get('lots?format=csv')).text).toContain('#control,rows=2,points=315,');
  });

  it('gives the journal of a month twice as the same bytes', async () => {
    const [first, second] = [
      await get('journal?from=2026-11&to=2026-11'),
      await get('journal?from=2026-11-01&to=2026-11-30'),
    ];
    expect(first.text).toBe(second.text);
    expect(first.body.control.debit).toBe(first.body.control.credit);
    // 247.706421 earned, 31.454784 of it used: 247.71 and 31.45, but 216.251637 owed, which is 216.25.
    const rows = first.body.lines as Record<string, string>[];
    expect(rows.map((row) => [row['eventCode'], row['accountRole'], row['debit'], row['credit']])).toEqual([
      ['E01', 'REV_DEFERRAL', '247.71', '0.00'],
      ['E01', 'CL_POINTS', '0.00', '247.71'],
      ['E06', 'CL_POINTS', '31.45', '0.00'],
      ['E06', 'REV_POINTS', '0.00', '31.45'],
      ['ROUNDING', 'CL_POINTS', '0.01', '0.00'],
      ['ROUNDING', 'ROUNDING', '0.00', '0.01'],
    ]);
    expect(new Set(rows.map(({ entryId }) => entryId)).size).toBe(2);
  });

  it('gives the journal as it was known before anything was', async () => {
    const { body } = await get('journal?from=2026-11&to=2026-11&knownAt=2026-11-20T00:00:00Z');
    expect(body).toMatchObject({ knownAt: '2026-11-20T00:00:00.000Z', lines: [], control: { lines: 0 } });
  });

  it.each([
    ['journal?from=2026-01&to=2026-01&knownAt=yesterday', 422],
    ['liability?asOf=yesterday', 422],
    ['liability?asOf=0000-01-01', 422],
    ['liability?format=pdf', 422],
    ['liability?format=xlsx', 406],
    ['lots?cursor=mbr_x', 422],
    ['lots?limit=0', 422],
    ['roll-forward?from=2026-13&to=2026-01', 422],
    ['roll-forward?from=2026-01', 422],
    ['journal?from=2025-01&to=2026-02', 422],
    ['journal?from=2026-02-30&to=2026-03-01', 422],
    ['journal?from=2026-01&to=2026-01&lang=fr', 422],
    ['liability?asof=2026-01-01', 422],
  ])('refuses %s with %s', async (path, expected) => {
    expect((await get(path)).status).toBe(expected);
  });

  it('is for finance and auditors; policies are written by finance and admin', async () => {
    const [pos, auditor, finance] = [
      await engine.withScopes('pos'),
      await engine.withScopes('auditor'),
      await engine.withScopes('finance'),
    ];
    expect((await pos.get('/v1/finance/liability')).status).toBe(403);
    expect((await auditor.get('/v1/finance/liability')).status).toBe(200);
    const policy = { entity: 'TW01', valuePerPoint: '2', redemptionProbability: '1' };
    expect((await auditor.put('/v1/finance/policies/draft', policy)).status).toBe(403);
    expect((await finance.put('/v1/finance/policies/draft', policy)).status).toBe(200);
    expect((await auditor.get('/v1/finance/policies')).body.data).toHaveLength(2);
    expect((await finance.delete('/v1/finance/policies/draft')).status).toBe(204);
    const moved = await finance.put('/v1/finance/policies/draft', { ...policy, entity: 'TW02' });
    expect(moved.body.errors).toMatchObject([{ pointer: '/entity', code: 'ENTITY_IS_FIXED' }]);
  });

  it('verifies clean, as the application’s own role', async () => {
    const verify = new VerifyService(engine.engine.app.get<DataSource>(DATA_SOURCE));
    const report = await verify.run({ programmeId: engine.programmeId as ProgrammeId });
    expect(report).toMatchObject({ accounts: 1, lots: 2, movements: 4, differences: [], clean: true });
  });
});
