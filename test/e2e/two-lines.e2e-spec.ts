import { LinesOfKeys1764000000260 } from '../../migrations/1764000000260-lines-of-keys.js';
import { createMigrationDataSource } from '../../src/platform/database/data-source.js';
import { SCOPES } from '../../src/platform/http/caller.js';
import { ProgrammeBuilder } from '../builders/programme.js';
import { ApiClient } from '../harness/api-client.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';
import { MovingClock } from '../harness/moving-clock.js';

/** A line of keys: one that no other key made, and all that come of it. */
describe('two lines of keys', () => {
  let engine: TestEngine;
  let checker: ApiClient;
  const clock = new MovingClock(Date.parse('2026-11-20T12:00:00+08:00'));
  let made = 0;

  beforeAll(async () => {
    engine = await startTestEngine({ clock });
    checker = engine.api.second as ApiClient;
    await new ProgrammeBuilder(engine.api).shop();
  });
  afterAll(() => engine.close());
  beforeEach(() => clock.set('2026-11-20T12:00:00+08:00'));

  const enrolled = async (): Promise<string> => {
    made += 1;
    return (await engine.api.post('/v1/members', { externalId: `L-${made}` })).body.id;
  };
  const mint = async (by: ApiClient): Promise<ApiClient> => {
    const { body } = await by.post('/v1/api-keys', { name: 'child', scopes: SCOPES });
    return new ApiClient(engine.url, body.key);
  };
  const adjust = (by: ApiClient, id: string, points: number, reason: string) =>
    by.post('/v1/adjustments', { member: { id }, points, reason });
  const approve = (by: ApiClient, id: string) => by.post(`/v1/adjustments/${id}/approve`, {});
  const available = async (id: string) =>
    (await engine.api.get(`/v1/members/${id}/balance`)).body.available as number;
  const draft = (by: ApiClient, id: string, body: object) =>
    by.put(`/v1/adjustment-reasons/${id}/draft`, {
      name: id,
      direction: 'both',
      origin: 'goodwill',
      ...body,
    });
  const publish = (by: ApiClient, id: string, body = {}) =>
    by.post(`/v1/adjustment-reasons/${id}/publish`, body);
  const outcome = async (answer: ReturnType<ApiClient['get']>) => {
    const { status, body } = await answer;
    return [status, body.code ?? body.status];
  };
  const REFUSED = [403, 'MAKER_IS_CHECKER'];

  it('are needed for an approval: neither the maker, nor a descendant, an ancestor or a sibling approves', async () => {
    await new ProgrammeBuilder(engine.api).adjustmentReason('lines', { approvalAbove: 500 });
    const child = await mint(engine.api);
    const [maker, sibling] = [await mint(child), await mint(child)];
    const descendant = await mint(await mint(maker));
    const person = await enrolled();
    const asked = (await adjust(maker, person, 100_000, 'lines')).body;
    for (const client of [maker, sibling, descendant, child, engine.api])
      expect(await outcome(approve(client, asked.id))).toEqual(REFUSED);
    expect(await available(person)).toBe(0);
    expect(await outcome(approve(await mint(checker), asked.id))).toEqual([200, 'posted']);
    expect(await available(person)).toBe(100_000);
  });

  it('a key of the same line may reject, its maker not', async () => {
    await new ProgrammeBuilder(engine.api).adjustmentReason('rejected', { approvalAbove: 0 });
    const asked = (await adjust(engine.api, await enrolled(), 5, 'rejected')).body;
    const reject = (by: ApiClient) => outcome(by.post(`/v1/adjustments/${asked.id}/reject`, {}));
    expect(await reject(engine.api)).toEqual(REFUSED);
    expect(await reject(await mint(engine.api))).toEqual([200, 'rejected']);
  });

  it('five times 500 do not pass a limit of 500, however many keys the line has', async () => {
    await new ProgrammeBuilder(engine.api).adjustmentReason('daily', { approvalAbove: 500 });
    const person = await enrolled();
    const clients = [engine.api, engine.api, await mint(engine.api), await mint(engine.api), engine.api];
    const statuses = [];
    for (const client of clients) statuses.push((await adjust(client, person, 500, 'daily')).status);
    expect(statuses).toEqual([201, 202, 202, 202, 202]);
    expect(await available(person)).toBe(500);
    // The other line has a limit of its own, and the next day in Taipei begins anew.
    expect((await adjust(checker, person, 200, 'daily')).status).toBe(201);
    expect((await adjust(checker, person, 301, 'daily')).status).toBe(202);
    clock.set('2026-11-20T23:59:59+08:00');
    expect((await adjust(engine.api, person, 1, 'daily')).status).toBe(202);
    clock.set('2026-11-21T00:00:00+08:00');
    expect((await adjust(engine.api, person, 500, 'daily')).status).toBe(201);
    expect((await adjust(engine.api, person, -1, 'daily')).status).toBe(202);
  });

  it('a limit holds when twenty members are adjusted at once', async () => {
    await new ProgrammeBuilder(engine.api).adjustmentReason('rush', { approvalAbove: 500 });
    const people = await Promise.all(Array.from({ length: 20 }, enrolled));
    const answers = await Promise.all(people.map((person) => adjust(engine.api, person, 100, 'rush')));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([...Array(5).fill(201), ...Array(15).fill(202)]);
  });

  it('are needed to widen what one line may adjust by itself', async () => {
    const child = await mint(engine.api);
    const goes = async (id: string, definition: object, by = child) => {
      await draft(engine.api, id, definition);
      const answer = await publish(by, id);
      return answer.status === 200 ? 200 : [answer.status, answer.body.code];
    };
    expect(await goes('wide', {})).toEqual(REFUSED);
    expect(await goes('wide', { approvalAbove: 1 })).toEqual(REFUSED);
    expect(await goes('wide', { approvalAbove: 0 })).toBe(200);
    expect(await goes('wide', { approvalAbove: 500, direction: 'debit' })).toEqual(REFUSED);
    expect(await goes('wide', { approvalAbove: 500, direction: 'debit' }, checker)).toBe(200);
    expect(await goes('wide', { approvalAbove: 500 })).toEqual(REFUSED);
    expect(await goes('wide', { approvalAbove: 200, direction: 'debit' })).toBe(200);
    expect(await goes('wide', { approvalAbove: 500, direction: 'debit' })).toEqual(REFUSED);
    expect(await goes('wide', { active: false })).toBe(200);
    expect(await goes('wide', { approvalAbove: 200, direction: 'debit' })).toEqual(REFUSED);
    // What is to hold later is no licence for now.
    await draft(engine.api, 'wide', { approvalAbove: 900 });
    expect((await publish(checker, 'wide', { effectiveAt: '2027-01-01T00:00:00Z' })).status).toBe(200);
    expect(await goes('wide', { approvalAbove: 900 })).toEqual(REFUSED);
  });

  it('a raise that is approved for later is no licence for any instant before', async () => {
    const later = { effectiveAt: '2027-01-01T00:00:00Z' };
    await draft(engine.api, 'ahead', { approvalAbove: 900 });
    expect((await publish(checker, 'ahead', later)).status).toBe(200);
    await draft(engine.api, 'ahead', { approvalAbove: 900 });
    expect(await outcome(publish(engine.api, 'ahead'))).toEqual(REFUSED);
    const sooner = { effectiveAt: '2026-12-31T23:59:59Z' };
    expect(await outcome(publish(engine.api, 'ahead', sooner))).toEqual(REFUSED);
    const past = { effectiveAt: '2026-01-01T00:00:00Z', retroactive: true };
    expect(await outcome(publish(engine.api, 'ahead', past))).toEqual(REFUSED);
    expect((await publish(engine.api, 'ahead', later)).status).toBe(200);
    // What is lowered from later on is no reason to refuse what holds until then.
    await draft(engine.api, 'ahead', { approvalAbove: 500 });
    expect((await publish(checker, 'ahead')).status).toBe(200);
    await draft(engine.api, 'ahead', { approvalAbove: 100 });
    expect((await publish(engine.api, 'ahead', later)).status).toBe(200);
    await draft(engine.api, 'ahead', { approvalAbove: 500 });
    expect((await publish(engine.api, 'ahead')).status).toBe(200);
    await draft(engine.api, 'ahead', { approvalAbove: 500 });
    expect(await outcome(publish(engine.api, 'ahead', later))).toEqual(REFUSED);
  });

  it('one key with every scope gets no points posted by itself', async () => {
    const { key } = (await engine.api.post('/v1/api-keys', { name: 'alone', scopes: SCOPES })).body;
    const alone = new ApiClient(engine.url, key);
    const person = await enrolled();
    await draft(alone, 'mine', {});
    for (const by of [alone, await mint(alone)]) expect((await publish(by, 'mine')).status).toBe(403);
    await draft(alone, 'mine', { approvalAbove: 0 });
    expect((await publish(alone, 'mine')).status).toBe(200);
    const asked = (await adjust(alone, person, 100_000, 'mine')).body;
    expect(asked.status).toBe('requested');
    for (const by of [alone, await mint(alone), await mint(await mint(alone))])
      expect(await outcome(approve(by, asked.id))).toEqual(REFUSED);
    expect(await available(person)).toBe(0);
  });

  it('asks for a scope of its own for keys and for limits', async () => {
    const admin = await engine.withScopes('admin');
    expect((await admin.post('/v1/api-keys', { name: 'x', scopes: ['pos'] })).body.meta.required).toEqual([
      'keys',
    ]);
    expect((await draft(admin, 'none', {})).body.meta.required).toEqual(['limits']);
    expect((await admin.get('/v1/api-keys')).status).toBe(200);
    expect((await admin.get('/v1/adjustment-reasons')).status).toBe(200);
  });

  it('are known of keys of before, which keep what they could do; verify knows of it', async () => {
    const old = await startTestEngine({ clock });
    try {
      const child = (await old.api.post('/v1/api-keys', { name: 'grandchild', scopes: ['pos'] })).body;
      const admin = await old.withScopes('admin');
      await old.withScopes('auditor');
      const source = await createMigrationDataSource(old.ownerUrl).initialize();
      const runner = source.createQueryRunner();
      await new LinesOfKeys1764000000260().down(runner);
      await new LinesOfKeys1764000000260().up(runner);
      await runner.release();
      await source.destroy();
      clock.advance({ minutes: 1 });
      const keys = (await old.api.get('/v1/api-keys')).body.data as {
        id: string;
        line: string;
        createdBy: string;
        scopes: string[];
      }[];
      const found = keys.find(({ id }) => id === child.id);
      expect(found?.scopes).toEqual(['pos', 'members', 'transfers']);
      expect(found?.line).toBe(found?.createdBy);
      expect(keys.filter(({ id, line }) => id === line)).toHaveLength(keys.length - 1);
      expect((await admin.post('/v1/api-keys', { name: 'still', scopes: ['pos'] })).status).toBe(201);
      for (const action of ['key.scopes_kept', 'key.line_noted', 'key.scopes_joined'])
        expect((await old.api.get(`/v1/audit?action=${action}`)).body.data).not.toEqual([]);
      expect((await old.api.get('/v1/admin/verify')).body).toMatchObject({ differences: [] });
      await old.asOwner(`UPDATE api_keys SET line_key_id = key_id WHERE name = 'grandchild'`);
      expect((await old.api.get('/v1/admin/verify')).body.differences).toMatchObject([
        { check: 'key.record' },
      ]);
    } finally {
      await old.close();
    }
  });
});
