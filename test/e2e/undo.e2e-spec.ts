import { createEngine, type Engine } from '../../src/engine.js';
import { Pipeline } from '../../src/platform/pipeline/index.js';
import { UndoRunner } from '../../src/undo/undo-runner.js';
import { ProgrammeBuilder } from '../builders/programme.js';
import { receipt } from '../builders/receipt.js';
import type { ApiClient } from '../harness/api-client.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';
import { MovingClock } from '../harness/moving-clock.js';
import { runJob } from '../harness/run-job.js';

const NOON = '2026-11-20T12:00:00+08:00';
const RULES = '/v1/earning-rules';

interface Grant {
  readonly rule: { readonly id: string };
  readonly points: number;
}

describe('what a wrong version of a rule gave', () => {
  let engine: TestEngine;
  let other: Engine;
  const clock = new MovingClock(Date.parse(NOON));
  const api = () => engine.api;
  const second = () => engine.api.second as ApiClient;
  let numbers = 0;

  beforeAll(async () => {
    engine = await startTestEngine({ clock });
    await new ProgrammeBuilder(api()).shop();
    other = await createEngine({
      databaseUrl: engine.applicationUrl,
      ...{ host: '127.0.0.1', port: 0, logLevel: 'silent', shards: 1, queueLimit: 4096, poolSize: 4 },
      ...{ background: false, docs: false, clock },
    });
    await other.listen();
  });
  afterAll(async () => {
    await other.close();
    await engine.close();
  });
  afterEach(async () => {
    expect((await api().get('/v1/admin/verify')).body).toMatchObject({ clean: true, differences: [] });
    expect((await api().get('/v1/finance/tie-out')).body.ties).toBe(true);
  });

  const enrolled = async (): Promise<{ id: string }> =>
    (await api().post('/v1/members', { externalId: `U-${(numbers += 1)}` })).body;
  const bought = async ({ id }: { id: string }) =>
    (
      await api().post(
        '/v1/purchases',
        receipt({
          receiptNo: `U-${(numbers += 1)}`,
          member: { id },
          occurredAt: new Date(clock.now()).toISOString(),
        }),
      )
    ).body;
  const balanceOf = async ({ id }: { id: string }) => (await api().get(`/v1/members/${id}/balance`)).body;
  /** A rule of its own for each story: it gives a point for each whole 1.00. */
  async function ruleNamed(key: string): Promise<void> {
    await api().put(`${RULES}/${key}/draft`, {
      ...{ name: key, amount: { type: 'perSpend', points: 1, stepMinor: 100 } },
    });
    expect((await api().post(`${RULES}/${key}/publish`, {})).status).toBe(200);
    clock.advance({ seconds: 1 });
  }
  const asks = (key: string, body: object = {}, query = '') =>
    api().post(`${RULES}/${key}/undo${query}`, { version: 1, reason: 'ten times too much', ...body });
  const undoOf = async (id: string) => (await api().get(`/v1/undos/${id.replace('chr_', 'und_')}`)).body;
  async function begun(key: string): Promise<string> {
    clock.advance({ seconds: 1 });
    const { status, body } = await asks(key);
    expect([status, body.state, body.subject]).toEqual([202, 'open', 'undo']);
    expect((await second().post(`/v1/change-requests/${body.id}/approve`)).body.state).toBe('applied');
    return body.id as string;
  }

  it('is previewed, approved by another line, taken back, and found no second time', async () => {
    await ruleNamed('wrong');
    const [one, two] = [await enrolled(), await enrolled()];
    const first = await bought(one);
    const gave = (first.grants as Grant[]).find(({ rule }) => rule.id === 'wrong');
    const points = gave?.points ?? 0;
    expect(points).toBeGreaterThan(100);
    const before = await bought(two);
    await api().post(`/v1/purchases/${before.id}/returns`, {
      ...{
        source: 'pos-1',
        receiptNo: 'U-back',
        occurredAt: new Date(clock.now()).toISOString(),
        whole: true,
      },
    });
    clock.advance({ seconds: 1 });

    const dry = await asks('wrong', {}, '?dryRun=true');
    expect([dry.status, dry.body]).toEqual([
      200,
      expect.objectContaining({ receipts: 1, members: 1, points, there: points, gone: 0, used: 0 }),
    ]);
    const owed = async () => Number((await api().get('/v1/finance/liability')).body.lines[0].gross);
    const owedBefore = await owed();

    const { body: asked } = await asks('wrong', { until: new Date(clock.now()).toISOString() });
    expect((await asks('wrong', { until: new Date(clock.now()).toISOString() })).body.id).toBe(asked.id);
    const own = await api().post(`/v1/change-requests/${asked.id}/approve`);
    expect(own.body.code).toBe('SECOND_PERSON_REQUIRED');
    const shown = (await second().get(`/v1/change-requests/${asked.id}`)).body;
    expect([shown.before.points, shown.content.reason]).toEqual([points, 'ten times too much']);
    await second().post(`/v1/change-requests/${asked.id}/approve`, { note: 'go' });
    expect((await second().post(`/v1/change-requests/${asked.id}/approve`)).body.state).toBe('applied');
    expect(await undoOf(asked.id)).toMatchObject({ state: 'running', receipts: 1 });

    await runJob(engine.engine.app, 'undo-grants');
    expect(await undoOf(asked.id)).toMatchObject({
      ...{ state: 'done', refused: 0, endedBy: 'engine', changeRequestId: asked.id },
      undone: { receipts: 1, members: 1, pointsTaken: points, debt: 0, forgiven: 0 },
    });
    expect(owedBefore - (await owed())).toBeCloseTo(Number(dry.body.liability), 2);
    expect(await balanceOf(one)).toMatchObject({ available: first.pointsGranted - points, debt: 0 });
    const told = (await api().get(`/v1/purchases/${first.id}`)).body;
    expect(told.undone).toMatchObject([{ undoId: asked.id.replace('chr_', 'und_'), pointsTaken: points }]);
    expect((await asks('wrong')).body.code).toBe('NOTHING_TO_UNDO');
    const journal = (await api().get('/v1/finance/journal?from=2026-11&to=2026-11')).body.lines;
    expect(journal).toContainEqual(
      expect.objectContaining({ eventCode: 'E24', accountRole: 'REV_DEFERRAL', manual: false }),
    );
    // A later return of the receipt takes the points of the other rule alone.
    const returned = await api().post(`/v1/purchases/${first.id}/returns`, {
      ...{
        source: 'pos-1',
        receiptNo: 'U-late',
        occurredAt: new Date(clock.now()).toISOString(),
        whole: true,
      },
    });
    expect(returned.body).toMatchObject({ pointsTaken: first.pointsGranted - points });
    expect(await balanceOf(one)).toMatchObject({ available: 0, debt: 0 });
  });

  it('goes on where a process died, and two processes at once take nothing twice', async () => {
    await ruleNamed('killed');
    const people = [await enrolled(), await enrolled(), await enrolled()];
    let points = 0;
    for (let round = 0; round < 4; round += 1) {
      for (const person of people) {
        const { grants } = await bought(person);
        points += (grants as Grant[]).find(({ rule }) => rule.id === 'killed')?.points ?? 0;
      }
    }
    // What one of them spent is owed.
    const { available } = await balanceOf(people[0] as { id: string });
    const spent = await api().post('/v1/redemptions', {
      member: { id: people[0]?.id },
      points: available,
      mode: 'capture',
    });
    expect(spent.status).toBe(201);
    const id = await begun('killed');

    const pipeline = engine.engine.app.get(Pipeline);
    const submit = pipeline.submit.bind(pipeline);
    let sent = 0;
    pipeline.submit = (command) => {
      if (command.type === 'purchase.undoGrants') sent += 1;
      return sent === 10 ? Promise.reject(new Error('the process died')) : submit(command);
    };
    await expect(runJob(engine.engine.app, 'undo-grants')).rejects.toThrow('undo-grants');
    pipeline.submit = submit;
    const half = await undoOf(id);
    expect(half.state).toBe('running');
    // Eight at a time: of the second eight one died.
    expect(half.undone.receipts).toBeGreaterThanOrEqual(8);
    expect(half.undone.receipts).toBeLessThan(12);

    const { signal } = new AbortController();
    await Promise.all([engine.engine, other].map(({ app }) => app.get(UndoRunner).runAll(signal)));
    const { undone, ...done } = await undoOf(id);
    expect(done).toMatchObject({ state: 'done', receipts: 12, refused: 0 });
    expect(undone.pointsTaken + undone.debt).toBe(points);
    expect(undone).toMatchObject({ receipts: 12, members: 3, forgiven: 0 });
    expect(await balanceOf(people[0] as { id: string })).toMatchObject({ available: 0, debt: undone.debt });
  });

  it('stays given where it was cancelled before its turn, and the answer says what was done', async () => {
    await ruleNamed('stopped');
    const person = await enrolled();
    const { pointsGranted } = await bought(person);
    const id = await begun('stopped');
    const undo = id.replace('chr_', 'und_');
    expect((await api().post(`/v1/undos/${undo}/cancel`)).body).toMatchObject({
      ...{ state: 'cancelled', undone: { receipts: 0, pointsTaken: 0 } },
    });
    await runJob(engine.engine.app, 'undo-grants');
    expect(await balanceOf(person)).toMatchObject({ available: pointsGranted });
    expect((await api().post(`/v1/undos/${undo}/cancel`)).status).toBe(200);
    expect((await second().post(`/v1/undos/${undo}/cancel`)).body.code).toBe('UNDO_ENDED');
    expect((await api().get('/v1/undos')).body.data[0].id).toBe(undo);
    const { data } = (await api().get('/v1/audit?action=undo.cancelled')).body;
    expect(data).toMatchObject([{ subject: undo, after: { state: 'cancelled' } }]);
  });

  it.each([
    [{ version: 9 }, 404, 'RULE_VERSION_NOT_FOUND'],
    [{ until: '2030-01-01T00:00:00Z' }, 422, 'VALIDATION_FAILED'],
    [{ from: '2026-11-20T00:00:00Z', until: '2026-11-19T00:00:00Z' }, 422, 'VALIDATION_FAILED'],
    [{ reason: '' }, 422, 'VALIDATION_FAILED'],
  ])('is no undo: %j', async (body, status, code) => {
    const refused = await asks('base', body);
    expect([refused.status, refused.body.code]).toEqual([status, code]);
  });
});
