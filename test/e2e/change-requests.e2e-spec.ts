import { ProgrammeBuilder } from '../builders/programme.js';
import type { ApiClient } from '../harness/api-client.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';
import { MovingClock } from '../harness/moving-clock.js';

const BASE = '/v1/earning-rules/base';
const REQUESTS = '/v1/change-requests';

describe('publications that take two persons', () => {
  let engine: TestEngine;
  const clock = new MovingClock(Date.parse('2026-11-20T12:00:00+08:00'));
  const api = () => engine.api;
  const other = () => engine.api.second as ApiClient;
  const rule = (points: number) => ({ name: 'base', amount: { type: 'perSpend', points, stepMinor: 1000 } });
  const policy = (twoPersons: readonly string[]) => ({
    ...{ pointName: 'points', expiry: { type: 'never' }, twoPersons },
  });
  const save = (points: number) => api().put(`${BASE}/draft`, rule(points));
  const publish = (body: object = {}) => api().post(`${BASE}/publish`, body);
  const decide = (by: ApiClient, id: string, what: string, body: object = {}) =>
    by.post(`${REQUESTS}/${id}/${what}`, body);
  const state = async (id: string) => (await api().get(`${REQUESTS}/${id}`)).body.state as string;
  const published = async () =>
    (await api().get(BASE)).body.data.filter((one: { status: string }) => one.status === 'published').length;
  const asked = async (points: number, body: object = {}): Promise<string> => {
    await save(points);
    const held = await publish(body);
    expect([held.status, held.body.state]).toEqual([202, 'open']);
    return held.body.id as string;
  };

  beforeAll(async () => {
    engine = await startTestEngine({ clock });
    await new ProgrammeBuilder(api()).shop();
    const unknown = await api().put('/v1/programmes/policy/draft', policy(['no-kind']));
    expect([unknown.status, unknown.body.errors[0].pointer]).toEqual([422, '/twoPersons/0']);
    await api().put('/v1/programmes/policy/draft', policy(['earning-rule']));
    expect((await api().post('/v1/programmes/policy/publish', {})).status).toBe(200);
  });
  afterAll(() => engine.close());

  it('wait for a key of another line, which sees what changes', async () => {
    const id = await asked(2);
    expect((await publish()).body.id).toBe(id);
    const { body } = await other().get(`${REQUESTS}/${id}`);
    expect([body.before.amount.points, body.content.definition.amount.points]).toEqual([1, 2]);
    expect(body).toMatchObject({ subject: 'publication', subjectId: 'earning-rule/base', baseVersion: 1 });
    const own = await decide(api(), id, 'approve');
    expect([own.status, own.body.code]).toEqual([403, 'SECOND_PERSON_REQUIRED']);
    const made = (await api().post('/v1/api-keys', { name: 'child', scopes: ['admin'] })).body.key as string;
    const child = new (api().constructor as new (url: string, key: string) => ApiClient)(api().url, made);
    expect((await decide(child, id, 'approve')).body.code).toBe('SECOND_PERSON_REQUIRED');
    expect(await published()).toBe(1);
    const approved = await decide(other(), id, 'approve', { note: 'as agreed' });
    expect(approved.body).toMatchObject({ state: 'applied', decision: { note: 'as agreed' } });
    expect((await decide(other(), id, 'approve')).body.state).toBe('applied');
    expect((await api().get(BASE)).body.data.at(-1)).toMatchObject({ version: 2, status: 'published' });
  });

  it('lapse with their base, their instant and their time, and end by a rejection or a withdrawal', async () => {
    const saved = await asked(3);
    clock.advance({ seconds: 1 });
    await save(4);
    expect(await state(saved)).toBe('lapsed');
    expect((await decide(other(), saved, 'approve')).body.code).toBe('CHANGE_LAPSED');
    const discarded = await asked(4);
    await api().delete(`${BASE}/draft`);
    expect(await state(discarded)).toBe('lapsed');
    const planned = await asked(5, { effectiveAt: '2026-11-20T13:00:00+08:00' });
    clock.set('2026-11-20T13:00:00+08:00');
    expect(await state(planned)).toBe('lapsed');
    expect((await decide(other(), planned, 'approve')).body.code).toBe('CHANGE_LAPSED');
    const rejected = await asked(6);
    expect((await decide(api(), rejected, 'reject')).body.code).toBe('SECOND_PERSON_REQUIRED');
    expect((await decide(other(), rejected, 'reject', { note: 'no' })).body.state).toBe('rejected');
    const withdrawn = await asked(7);
    expect((await decide(other(), withdrawn, 'withdraw')).body.code).toBe('SECOND_PERSON_REQUIRED');
    expect((await decide(api(), withdrawn, 'withdraw')).body.state).toBe('withdrawn');
    const old = await asked(8);
    clock.advance({ days: 30 });
    expect(await state(old)).toBe('lapsed');
    const ids = async (filter: string) =>
      (await api().get(`${REQUESTS}?${filter}`)).body.data.map(({ id }: { id: string }) => id);
    expect(await ids('state=lapsed')).toEqual([old, planned, discarded, saved]);
    expect(await ids('state=withdrawn&subject=publication')).toEqual([withdrawn]);
    const first = (await api().get(`${REQUESTS}?limit=2`)).body;
    expect(await ids(`limit=2&cursor=${first.nextCursor}`)).toEqual([rejected, planned]);
    expect(await published()).toBe(2);
  });

  it('are published by a key of another line itself, which is the second person', async () => {
    const id = await asked(9);
    expect((await other().post(`${BASE}/publish`, {})).body).toMatchObject({ status: 'published' });
    expect(await state(id)).toBe('applied');
    await save(10);
    expect((await other().post(`${BASE}/publish`, {})).status).toBe(200);
    await other().put(`${BASE}/draft`, rule(11));
    expect((await other().post(`${BASE}/publish`, {})).status).toBe(202);
    expect((await publish()).status).toBe(200);
  });

  it('take effect once, however many decide, save or publish at the same moment', async () => {
    const before = await published();
    const id = await asked(20);
    const answers = await Promise.all([
      decide(other(), id, 'approve'),
      decide(other(), id, 'reject'),
      decide(other(), id, 'approve'),
      publish(),
    ]);
    expect(answers.every(({ status }) => status < 500)).toBe(true);
    const ended = await state(id);
    expect(await published()).toBe(before + (ended === 'applied' ? 1 : 0));
    const second = await asked(21);
    const count = await published();
    const [approved] = await Promise.all([decide(other(), second, 'approve'), save(22)]);
    expect([await state(second), approved.status]).toEqual(
      approved.status === 200 ? ['applied', 200] : ['lapsed', 409],
    );
    expect(await published()).toBe(count + (approved.status === 200 ? 1 : 0));
  });

  it('are asked of a policy that wants fewer of them, and of no other', async () => {
    await api().put('/v1/programmes/policy/draft', policy([]));
    const held = await api().post('/v1/programmes/policy/publish', {});
    expect([held.status, held.body.subjectId]).toEqual([202, 'programme-policy/main']);
    expect((await decide(other(), held.body.id, 'approve')).body.state).toBe('applied');
    await save(30);
    expect((await publish()).status).toBe(200);
    expect((await api().get(`${REQUESTS}/chr_00000000000000000000000000`)).body.code).toBe(
      'CHANGE_REQUEST_NOT_FOUND',
    );
    expect((await api().get('/v1/admin/verify')).body.differences).toEqual([]);
  });
});
