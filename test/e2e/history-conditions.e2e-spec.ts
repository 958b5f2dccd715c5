import pg from 'pg';
import { ProgrammeBuilder } from '../builders/programme.js';
import { line, receipt } from '../builders/receipt.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';
import { MovingClock } from '../harness/moving-clock.js';

/** Reads what the stories ask about, and is never met. */
const NEVER = [
  'history.purchases("lifetime") == -1',
  'history.visits("lifetime") == -1',
  'history.spend("lifetime") == -1',
  'history.spend("this month") == -1',
  'history.isFirstPurchase && history.daysSinceLastVisit == -1',
].join(' || ');

describe('what a condition reads of the history, out of the tables', () => {
  let engine: TestEngine;
  let database: pg.Client;
  const clock = new MovingClock();
  const api = () => engine.api;

  beforeAll(async () => {
    clock.set('2026-01-01T00:00:00+08:00');
    engine = await startTestEngine({ clock });
    database = new pg.Client({ connectionString: engine.ownerUrl });
    await database.connect();
    const programme = new ProgrammeBuilder(api());
    await programme.policy();
    await programme.accounting();
    await programme.rule('base');
    clock.set('2026-03-30T12:00:00+08:00');
  });
  afterAll(async () => {
    await database.end();
    await engine.close();
  });

  async function enrol(externalId: string): Promise<{ id: string }> {
    const answer = await api().post('/v1/members', { externalId });
    expect(answer.status).toBe(201);
    return { id: answer.body.id as string };
  }

  /** Posts a receipt. @returns its id, and what the rule `asks` read. */
  async function buy(member: object, occurredAt: string, amountMinor: number) {
    const lines = [1, 2].map((lineNo) => line({ lineNo, amountMinor: amountMinor / 2, taxMinor: 0 }));
    const body = receipt({ member, occurredAt, lines });
    const { status, body: answer } = await api().post('/v1/purchases?explain=true', body);
    expect(status).toBe(201);
    const asks = (answer.explanation as any[]).find(({ rule }) => rule.id === 'asks'); // eslint-disable-line @typescript-eslint/no-explicit-any
    const values = Object.values((asks?.condition?.values ?? {}) as object);
    return { id: answer.id as string, values };
  }

  async function giveBack(purchaseId: string, body: object) {
    const numbered = {
      source: 'store-1',
      receiptNo: `B-${purchaseId}`,
      occurredAt: '2026-03-30T12:00:00+08:00',
    };
    const { status } = await api().post(`/v1/purchases/${purchaseId}/returns`, { ...numbered, ...body });
    expect(status).toBe(201);
  }

  it('counts the time before anything asked, and goes on from there', async () => {
    const [ann, twin] = [await enrol('ann'), await enrol('twin')];
    const early = await buy(ann, '2025-12-30T12:00:00+08:00', 40_000);
    await buy(ann, '2026-01-05T12:00:00+08:00', 10_000);
    const noon = await buy(ann, '2026-03-29T12:00:00+08:00', 20_000);
    const evening = await buy(ann, '2026-03-29T20:00:00+08:00', 6_000);
    await buy(twin, '2026-03-28T09:00:00+08:00', 800);
    await giveBack(early.id, { lines: [{ lineNo: 1, quantity: '1' }] });
    await giveBack(noon.id, { whole: true });
    await new ProgrammeBuilder(api()).rule('asks', { condition: NEVER });

    // 200 of 400 are left, 100, and 60 in the evening: two receipts of two days before noon, three with the evening.
    const late = await buy(ann, '2026-03-29T19:00:00+08:00', 2_000);
    expect(late.values).toEqual(['2', '2', '30000', '0', false, '83']);
    const after = await buy(ann, '2026-03-29T21:00:00+08:00', 2_000);
    expect(after.values).toEqual(['4', '3', '38000', '8000', false, '0']);
    await giveBack(evening.id, { whole: true });
    const next = await buy(ann, '2026-03-30T09:00:00+08:00', 1_000);
    expect(next.values).toEqual(['4', '3', '34000', '4000', false, '1']);

    const merged = await api().post(`/v1/members/${ann.id}/merge`, { duplicate: { id: twin.id } });
    expect(merged.status).toBe(200);
    const both = await buy(ann, '2026-03-30T10:00:00+08:00', 500);
    expect(both.values).toEqual(['6', '5', '35800', '5800', false, '0']);
    const { rows } = await database.query(
      `SELECT y.year, y.spend_minor::int, y.purchases::int, y.visits::int FROM qualifying_years y
       JOIN members m ON m.member_id = y.member_id WHERE m.merged_into IS NULL ORDER BY y.year`,
    );
    expect(rows).toEqual([
      { year: 2025, spend_minor: 20_000, purchases: 1, visits: 1 },
      { year: 2026, spend_minor: 16_300, purchases: 6, visits: 4 },
    ]);
  });
});
