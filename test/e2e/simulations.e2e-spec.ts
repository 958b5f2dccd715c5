import type { DataSource } from 'typeorm';
import { SimulationRuns } from '../../src/simulations/simulation-runs.js';
import type { Simulator } from '../../src/simulations/simulate.js';
import { DATA_SOURCE } from '../../src/platform/tokens.js';
import { ProgrammeBuilder } from '../builders/programme.js';
import { line, receipt } from '../builders/receipt.js';
import type { Answer } from '../harness/answer.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';
import { MovingClock } from '../harness/moving-clock.js';
import { runJob } from '../harness/run-job.js';

const WINDOW = { from: '2026-03-10', until: '2026-03-21' };
/** One point for each NT$10, half as many again on silver. */
const BASE = { type: 'perSpend', points: 1, stepMinor: 1000, tierMultipliers: { silver: '1.5' } };
const DOUBLED = {
  kind: 'earning-rule',
  id: 'base',
  definition: { name: 'base', amount: { ...BASE, points: 2 } },
};

describe('a simulation', () => {
  let engine: TestEngine;
  const clock = new MovingClock();
  const receipts: Record<string, string> = {};

  beforeAll(async () => {
    clock.set('2026-01-01T00:00:00+08:00');
    engine = await startTestEngine({ clock });
    const programme = await new ProgrammeBuilder(engine.api).policy();
    await programme.accounting();
    await programme.tiers();
    await programme.rule('base', { amount: BASE });
    await programme.rule('visit', {
      amount: { type: 'basketBonus', points: 5, minimumMinor: 0 },
      limits: [{ period: 'week', times: 1 }],
    });
    for (const externalId of ['A', 'A-old', 'B'])
      await done(201, engine.api.post('/v1/members', { externalId }));
    await buys('A', '2026-03-01', 600);
    await buys('A', '2026-03-09', 100);
    // NT$1,200 by then: silver from here on. The week has its visit already.
    receipts['promoting'] = await buys('A', '2026-03-10', 500);
    receipts['silver'] = await buys('A', '2026-03-11', 1_000);
    await buys('B', '2026-03-12', 300);
    const back = await buys('B', '2026-03-13', 200);
    await buys('A-old', '2026-03-14', 10);
    await buys('A', '2026-03-22', 400);
    const whole = { source: 'store-1', receiptNo: 'RT-1', occurredAt: at('2026-03-23'), whole: true };
    clock.set(at('2026-03-23'));
    await done(201, engine.api.post(`/v1/purchases/${back}/returns`, whole));
    clock.set('2026-03-25T09:00:00+08:00');
  });
  afterAll(() => engine.close());

  const at = (day: string) => `${day}T12:00:00+08:00`;

  /** For so many NT$, on a day on which it is reported at once. @returns the receipt's id. */
  async function buys(externalId: string, day: string, ntd: number): Promise<string> {
    clock.set(at(day));
    const lines = [line({ amountMinor: ntd * 100, taxMinor: 0 })];
    const body = receipt({ member: { externalId }, occurredAt: at(day), lines });
    return (await done(201, engine.api.post('/v1/purchases', body))).id;
  }

  async function done(status: number, answer: Promise<Answer>) {
    const { status: actual, body, text } = await answer;
    if (actual !== status) throw new Error(`expected ${status}, got ${actual}: ${text}`);
    return body;
  }

  const start = (drafts: object[], window: object = WINDOW) =>
    engine.api.post('/v1/simulations', { window, drafts });

  async function simulated(drafts: object[], window: object = WINDOW) {
    const { id } = await done(202, start(drafts, window));
    await runJob(engine.engine.app, 'simulations');
    const simulation = await done(200, engine.api.get(`/v1/simulations/${id}`));
    expect(simulation).toMatchObject({
      state: 'finished',
      error: null,
      recordedBy: '2026-03-25T01:00:00.000Z',
    });
    return simulation;
  }

  it('of nothing differs by nothing, and replays what really happened', async () => {
    const { result, progress, expected } = await simulated([]);
    // A: 50 before silver and 150 on it. B: 30 and a visit of 5; 20 that came back. A-old: 1 and a visit of 5.
    expect(result).toMatchObject({
      window: WINDOW,
      replayed: { members: 3, receipts: 5, receiptsDiffering: 0, returns: 1, refused: [] },
      totals: {
        published: { points: 241, granted: 261, takenBack: 20, expectedCost: '206.57142857142926' },
        difference: {
          points: 0,
          granted: 0,
          takenBack: 0,
          liability: '0.000000',
          expectedCost: '0.00000000000000',
        },
      },
      byRule: [
        { ruleId: 'base', published: { points: 231, receipts: 5 } },
        { ruleId: 'visit', published: { points: 10, receipts: 2 } },
      ],
      members: { winners: { members: 0, points: 0 }, losers: { members: 0, points: 0 }, unchanged: 3 },
      examples: { winners: [], losers: [] },
      really: { points: 241, replayed: 241, difference: 0, receiptsDiffering: 0, examples: [] },
    });
    expect(progress).toEqual({ members: 3, receipts: 5 });
    expect(expected).toEqual(progress);
    const [row] = await engine.asOwner(`SELECT sum(m.liability) AS deferred FROM movements m
      JOIN lots l ON l.account_id = m.account_id AND l.lot_id = m.lot_id
      JOIN purchases p ON p.purchase_id = l.purchase_id
      WHERE p.occurred_at >= '2026-03-10' AND p.occurred_at < '2026-03-21'`);
    expect(BigInt(result.totals.published.liability.replace('.', ''))).toBe(
      BigInt(row?.['deferred'] as string),
    );
    expect(result.tiers).toEqual([
      { published: 'basic', drafts: 'basic', members: 2 },
      { published: 'silver', drafts: 'silver', members: 1 },
    ]);
  });

  it('of a doubled rule shows what it would have given, to whom, and why', async () => {
    const { result } = await simulated([DOUBLED]);
    expect(result.totals).toMatchObject({
      published: { points: 241 },
      drafts: { points: 472, granted: 512, takenBack: 40 },
      difference: { points: 231, granted: 251, takenBack: 20 },
    });
    expect(result.byRule).toMatchObject([
      { ruleId: 'base', published: { points: 231 }, drafts: { points: 462 } },
      { ruleId: 'visit', published: { points: 10 }, drafts: { points: 10 } },
    ]);
    expect(result.byDay).toEqual([
      { day: '2026-03-10', published: 50, drafts: 100 },
      { day: '2026-03-11', published: 150, drafts: 300 },
      { day: '2026-03-12', published: 35, drafts: 65 },
      { day: '2026-03-13', published: 0, drafts: 0 },
      { day: '2026-03-14', published: 6, drafts: 7 },
    ]);
    expect(result.members).toMatchObject({
      winners: { members: 3, points: 231 },
      losers: { members: 0, points: 0 },
      distribution: { minimum: 1, p50: 30, maximum: 200 },
    });
    const [most] = result.examples.winners;
    expect(most).toMatchObject({ published: 200, drafts: 400, difference: 200 });
    expect(most.receipt).toMatchObject({
      purchaseId: receipts['silver'],
      difference: 150,
      published: {
        points: 150,
        explanation: [
          { rule: { id: 'base' }, points: 150 },
          { rule: { id: 'visit' }, why: 'limitReached' },
        ],
      },
      drafts: { points: 300, explanation: [{ rule: { id: 'base' }, points: 300 }, { points: 0 }] },
    });
    expect(result.really).toMatchObject({ points: 241, difference: 0 });
  });

  it('of a ladder moves members, and of what is published later says where reality differs', async () => {
    const ladder = {
      ...{ measure: 'spend', window: { type: 'rolling', months: 12 } },
      tiers: [
        { key: 'basic', name: 'Basic', threshold: 0 },
        { key: 'silver', name: 'Silver', threshold: 1_000_000 },
      ],
    };
    const { result } = await simulated([{ kind: 'tier-set', definition: ladder }]);
    expect(result.totals.difference.points).toBe(-50);
    expect(result.tiers).toEqual([
      { published: 'basic', drafts: 'basic', members: 2 },
      { published: 'silver', drafts: 'basic', members: 1 },
    ]);
    expect(result.members.losers).toEqual({ members: 1, points: -50 });
  });

  it('gives the same bytes twice, writes nothing but itself, and takes the last days', async () => {
    const tables = await contents();
    const once = await simulated([DOUBLED], { days: 15 });
    const again = await simulated([DOUBLED], { from: WINDOW.from });
    expect(JSON.stringify(again.result)).toBe(JSON.stringify(once.result));
    expect(once.result.window).toEqual({ from: '2026-03-10', until: '2026-03-25' });
    expect(once.result.replayed).toMatchObject({ receipts: 6 });
    expect(await contents()).toEqual(tables);
    expect(await done(200, engine.api.get('/v1/admin/verify'))).toMatchObject({ clean: true });
    const { data } = await done(200, engine.api.get('/v1/audit?limit=1'));
    expect(data[0]).toMatchObject({ action: 'simulation.started', subject: again.id });
  });

  /** A digest of each table, without what says that a simulation was asked for. */
  async function contents(): Promise<Record<string, unknown>> {
    const named = await engine.asOwner(`SELECT c.relname AS name FROM pg_class c
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
        AND c.relname NOT IN ('simulations', 'audit_log', 'programmes', 'jobs', 'api_keys')`);
    const digests: Record<string, unknown> = {};
    for (const { name } of named) {
      const sql = `SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) AS digest FROM ${name as string} t`;
      digests[name as string] = (await engine.asOwner(sql))[0]?.['digest'];
    }
    return digests;
  }

  it('is refused for what its publication would be refused for', async () => {
    const endless = { ...DOUBLED, definition: { ...DOUBLED.definition, condition: 'basket.total >' } };
    expect(await start([endless])).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/drafts/0/definition/condition' }] },
    });
    const elsewhere = { ...DOUBLED.definition, budget: { budgetId: 'none' } };
    expect(await start([{ ...DOUBLED, definition: elsewhere }])).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/drafts/0/definition/budget/budgetId' }] },
    });
    expect(await start([{ kind: 'earning-rule', id: 'base' }])).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/drafts/0/id', code: 'NO_DRAFT' }] },
    });
    expect(await start([DOUBLED, DOUBLED])).toMatchObject({
      body: { errors: [{ pointer: '/drafts/1', code: 'NAMED_TWICE' }] },
    });
    expect(await start([], { days: 3, from: '2026-03-01' })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/window', code: 'WINDOW_UNCLEAR' }] },
    });
    expect(await start([], { from: '2026-02-01', until: '2026-02-03' })).toMatchObject({
      status: 422,
      body: { code: 'SIMULATION_EMPTY' },
    });
  });

  it('can be cancelled, begins anew after a restart, and comes one at a time', async () => {
    const { api } = engine;
    const first = await done(202, start([]));
    expect(await start([])).toMatchObject({ status: 409, body: { code: 'SIMULATION_RUNNING' } });
    expect(await done(202, api.post(`/v1/simulations/${first.id}/cancel`))).toMatchObject({
      state: 'cancelled',
    });
    expect(await api.post(`/v1/simulations/${first.id}/cancel`)).toMatchObject({
      status: 409,
      body: { code: 'SIMULATION_OVER' },
    });

    const second = await done(202, start([]));
    const state = async () => (await done(200, api.get(`/v1/simulations/${second.id}`))).state;
    const dataSource = engine.engine.app.get<DataSource>(DATA_SOURCE);
    let began: () => void;
    const simulator: Simulator = {
      run: (_task, signal) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(new Error('ended')));
          began();
        }),
    };
    const runs = new SimulationRuns(dataSource, clock, simulator);
    const shutdown = new AbortController();
    const begun = () => new Promise<void>((resolve) => (began = resolve));
    let running = begun();
    let carried = runs.carryOutWaiting(shutdown.signal);
    await running;
    expect(await state()).toBe('running');
    shutdown.abort();
    await carried;
    expect(await state()).toBe('waiting');

    running = begun();
    carried = runs.carryOutWaiting(new AbortController().signal);
    await running;
    expect(await done(202, api.post(`/v1/simulations/${second.id}/cancel`))).toMatchObject({
      state: 'cancelling',
    });
    await carried;
    expect(await state()).toBe('cancelled');
  });

  it('is the programme’s own, and for analysts to read', async () => {
    const analyst = await engine.withScopes('analyst');
    const { data } = await done(200, analyst.get('/v1/simulations?limit=2'));
    expect(data).toHaveLength(2);
    expect((await analyst.post('/v1/simulations', { window: WINDOW, drafts: [] })).status).toBe(403);
    expect(await engine.api.get(`/v1/simulations/${data[0].id.slice(0, -1)}0`)).toMatchObject({
      status: 404,
    });
  });
});
