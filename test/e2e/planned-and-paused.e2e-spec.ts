import { ProgrammeBuilder } from '../builders/programme.js';
import { receipt } from '../builders/receipt.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';
import { MovingClock } from '../harness/moving-clock.js';

const BASE = '/v1/earning-rules/base';

describe('drafts, planned versions and pauses', () => {
  let engine: TestEngine;
  const clock = new MovingClock(Date.parse('2026-11-20T12:00:00+08:00'));
  const api = () => engine.api;
  const rule = (points: number) => ({ name: 'base', amount: { type: 'perSpend', points, stepMinor: 1000 } });
  const save = (points: number, headers = {}) => api().send('PUT', `${BASE}/draft`, rule(points), headers);
  const sold = async (occurredAt: string, query = '') =>
    (await api().post(`/v1/purchases${query}`, receipt({ occurredAt }))).body;

  beforeAll(async () => {
    engine = await startTestEngine({ clock });
    await new ProgrammeBuilder(api()).shop();
    await api().post('/v1/members', { externalId: 'C-1' });
  });
  afterAll(() => engine.close());

  it('let nobody save over a draft of another unseen', async () => {
    const first = await save(2, { 'if-none-match': '*' });
    const tag = first.headers.get('etag') as string;
    expect([first.status, first.body.etag, first.body.basedOn]).toEqual([200, tag, 1]);
    expect((await api().get(BASE)).body.data.at(-1).etag).toBe(tag);
    clock.advance({ seconds: 1 });
    const second = await save(3, { 'if-match': tag });
    expect(second.status).toBe(200);
    for (const refused of [
      await save(4, { 'if-match': tag }),
      await save(4, { 'if-none-match': '*' }),
      await api().post(`${BASE}/publish`, {}, { 'if-match': tag }),
      await api().send('DELETE', `${BASE}/draft`, undefined, { 'if-match': tag }),
    ]) {
      expect([refused.status, refused.body.code, refused.body.meta.etag]).toEqual([
        412,
        'DRAFT_CHANGED',
        second.body.etag,
      ]);
    }
    // A client of before, which names no tag, saves as ever.
    expect((await save(5)).status).toBe(200);
    expect((await api().delete(`${BASE}/draft`)).status).toBe(204);
  });

  it('take a planned version back: what was planned before holds again', async () => {
    const planned = async (points: number) => {
      await save(points);
      const effectiveAt = '2026-12-01T00:00:00+08:00';
      return (await api().post(`${BASE}/publish`, { effectiveAt })).body.version as number;
    };
    const [second, third] = [await planned(2), await planned(3)];
    const path = `${BASE}/versions/${third}/withdraw`;
    expect((await api().post(path, { note: 'too dear' })).body).toMatchObject({
      version: third,
      status: 'withdrawn',
      withdrawnAt: '2026-11-20T04:00:01.000Z',
    });
    expect((await api().post(path)).body.code).toBe('VERSION_WITHDRAWN');
    expect((await api().post(`${BASE}/versions/1/withdraw`)).body.code).toBe('VERSION_IN_FORCE');
    expect((await api().post(`${BASE}/versions/x/withdraw`)).body.code).toBe('CONFIG_NOT_FOUND');
    clock.set('2026-12-02T12:00:00+08:00');
    expect((await sold('2026-12-02T11:00:00+08:00')).pointsGranted).toBe(210);
    const states = (await api().get(BASE)).body.data.map((one: { status: string }) => one.status);
    expect(states).toEqual(['published', 'published', 'withdrawn']);
    expect(second).toBe(2);
  });

  it('stop a rule at once, for what occurs from then on, and say so', async () => {
    const pause = await api().post(`${BASE}/pause`, { note: 'gives twice' });
    expect(pause.body).toMatchObject({ id: 'base', from: '2026-12-02T04:00:00.000Z', until: null });
    expect((await api().post(`${BASE}/pause`)).body.code).toBe('ALREADY_PAUSED');
    clock.set('2026-12-02T13:00:00+08:00');
    const during = await sold('2026-12-02T12:30:00+08:00', '?explain=true');
    expect([during.pointsGranted, during.explanation[0].why]).toEqual([0, 'paused']);
    // It occurred before the pause and arrives during it.
    expect((await sold('2026-12-02T11:59:00+08:00')).pointsGranted).toBe(210);
    expect((await api().post(`${BASE}/resume`)).body).toMatchObject({ until: '2026-12-02T05:00:00.000Z' });
    expect((await api().post(`${BASE}/resume`)).body.code).toBe('NOT_PAUSED');
    expect((await sold('2026-12-02T13:00:00+08:00')).pointsGranted).toBe(210);
    // It occurred during the pause and arrives after it.
    expect((await sold('2026-12-02T12:45:00+08:00')).pointsGranted).toBe(0);
    expect((await api().get(`${BASE}/pauses`)).body.data).toHaveLength(1);
    expect((await api().post('/v1/earning-rules/none/pause')).body.code).toBe('CONFIG_NOT_FOUND');
  });

  it('are in the audit log, and verify finds nothing', async () => {
    const { data } = (await api().get('/v1/audit?subject=earning-rule/base')).body;
    expect(data.map(({ action }: { action: string }) => action).toSorted()).toEqual([
      'rule.paused',
      'rule.resumed',
      'version.withdrawn',
    ]);
    expect((await api().get('/v1/admin/verify')).body.differences).toEqual([]);
  });
});
