import { ApiClient } from '../harness/api-client.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';

describe('API keys', () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await startTestEngine();
  });
  afterAll(() => engine.close());

  it.each([
    ['no key', null],
    ['an unknown key', 'lrl_nobody'],
  ])('answers 401 to %s', async (_, key) => {
    const answer = await new ApiClient(engine.url, key).get('/v1/members');
    expect([answer.status, answer.body.code]).toEqual([401, 'UNAUTHENTICATED']);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  it("has an id for each request, its own or the caller's", async () => {
    const stranger = new ApiClient(engine.url, null);
    const own = (await stranger.get('/v1/members')).headers.get('x-request-id');
    expect(own).toMatch(/^[0-9a-f-]{36}$/);
    const url = `${engine.url}/v1/nothing`;
    const { headers } = await fetch(url, { headers: { 'x-request-id': 'till-7/1' } });
    expect(headers.get('x-request-id')).toBe('till-7/1');
  });

  it('answers 403 to the wrong scope, for every scope', async () => {
    const allowed = {
      pos: {
        '/v1/members': 403,
        '/v1/members?externalId=nobody': 200,
        '/v1/members?identityType=card&identityValue=1': 200,
        '/v1/members?limit=1': 403,
        '/v1/finance/liability': 403,
        '/v1/api-keys': 403,
        '/v1/events': 403,
        '/v1/admin/verify': 403,
      },
      members: {
        '/v1/members': 200,
        '/v1/households': 200,
        '/v1/finance/liability': 403,
      },
      transfers: { '/v1/members': 403, '/v1/members?externalId=nobody': 403 },
      keys: { '/v1/api-keys': 200, '/v1/members': 403 },
      limits: { '/v1/adjustment-reasons': 200, '/v1/adjustments': 403 },
      admin: {
        '/v1/members': 200,
        '/v1/finance/liability': 403,
        '/v1/api-keys': 200,
        '/v1/events': 200,
        '/v1/admin/verify': 403,
      },
      finance: {
        '/v1/members': 403,
        '/v1/finance/liability': 200,
        '/v1/api-keys': 403,
        '/v1/events': 403,
        '/v1/admin/verify': 403,
      },
      analyst: {
        '/v1/members': 200,
        '/v1/finance/liability': 403,
        '/v1/api-keys': 403,
        '/v1/events': 200,
        '/v1/admin/verify': 403,
      },
      auditor: {
        '/v1/members': 200,
        '/v1/finance/liability': 200,
        '/v1/api-keys': 200,
        '/v1/events': 200,
        '/v1/admin/verify': 200,
      },
    } as const;
    for (const [scope, paths] of Object.entries(allowed)) {
      const client = await engine.withScopes(scope as keyof typeof allowed);
      for (const [path, status] of Object.entries(paths)) {
        expect({ scope, path, status: (await client.get(path)).status }).toEqual({ scope, path, status });
      }
    }
    const pos = await engine.withScopes('auditor');
    expect((await pos.post('/v1/purchases', {})).status).toBe(403);
  });

  it('lets a till sell, redeem, enrol and look one member up, and neither list, change nor send', async () => {
    const pos = await engine.withScopes('pos');
    const card = { type: 'card', value: '2900100' };
    const { body: member } = await pos.post('/v1/members', { externalId: 'till-1', identities: [card] });
    const found = await pos.get('/v1/members?identityType=card&identityValue=2900100');
    expect(found.body.data).toMatchObject([{ id: member.id }]);
    expect((await pos.get(`/v1/members/${member.id}/balance`)).status).toBe(200);
    const refused = [
      await pos.get('/v1/members?limit=500'),
      await pos.get('/v1/households'),
      await pos.patch(`/v1/members/${member.id}`, { identities: [] }),
      await pos.post('/v1/transfers', { from: { id: member.id }, to: { externalId: 'x' }, points: 1 }),
      await pos.post('/v1/households', { head: { id: member.id } }),
      await pos.post('/v1/adjustments', { member: { id: member.id }, points: 1, reason: 'x' }),
    ];
    expect(refused.map(({ status, body }) => [status, body.meta.required])).toEqual([
      [403, ['members', 'admin', 'analyst', 'auditor']],
      [403, ['members', 'admin', 'analyst', 'auditor']],
      [403, ['members', 'admin']],
      [403, ['transfers', 'admin']],
      [403, ['members', 'admin']],
      [403, ['admin']],
    ]);
    expect((await engine.api.get(`/v1/members/${member.id}`)).body.identities).toEqual([card]);
    const { body: joined } = await engine.api.post('/v1/households', { head: { id: member.id } });
    expect((await pos.get(`/v1/households/${joined.id}`)).status).toBe(200);
  });

  it('shows a key once, keeps its hash only, and obeys a revocation', async () => {
    const made = await engine.api.post('/v1/api-keys', { name: 'till 1', scopes: ['pos'] });
    expect(made.status).toBe(201);
    const till = new ApiClient(engine.url, made.body.key);
    expect((await till.get('/v1/programmes')).status).toBe(200);
    const listed = await engine.api.get('/v1/api-keys');
    expect(JSON.stringify(listed.body)).not.toContain(made.body.key);
    const stored = await engine.engine.dataSource.query('SELECT k.hash FROM api_keys k WHERE k.name = $1', [
      'till 1',
    ]);
    expect(stored[0].hash).toHaveLength(32);
    expect((await engine.api.delete(`/v1/api-keys/${made.body.id}`)).body.revokedAt).not.toBeNull();
    expect((await till.get('/v1/programmes')).status).toBe(401);
  });

  it('says of a key which one made it and when it was used last, and lets no cache keep its text', async () => {
    const made = await engine.api.post('/v1/api-keys', { name: 'seen', scopes: ['pos'] });
    expect(made.headers.get('cache-control')).toBe('no-store');
    expect(made.body).toMatchObject({ createdBy: expect.stringMatching(/^key_/), lastUsedAt: null });
    await new ApiClient(engine.url, made.body.key).get('/v1/members');
    const seen = async () =>
      (await engine.api.get('/v1/api-keys')).body.data.find(({ id }: { id: string }) => id === made.body.id);
    while ((await seen()).lastUsedAt === null) await new Promise((resolve) => setTimeout(resolve, 20));
    expect((await seen()).createdBy).toBe(made.body.createdBy);
  });

  it('refuses to make a key that has expired already', async () => {
    const past = { name: 'old', scopes: ['pos'], expiresAt: '2020-01-01T00:00:00Z' };
    const refused = await engine.api.post('/v1/api-keys', past);
    expect([refused.status, refused.body.code, refused.body.errors[0].pointer]).toEqual([
      422,
      'EXPIRES_IN_PAST',
      '/expiresAt',
    ]);
  });

  it('keeps one key that can administer the programme, also when two are revoked at once', async () => {
    const other = await engine.api.post('/v1/programmes', {
      name: 'Two admins',
      currency: 'TWD',
      timeZone: 'Asia/Taipei',
    });
    expect(other.headers.get('cache-control')).toBe('no-store');
    const first = new ApiClient(engine.url, other.body.key);
    await first.post('/v1/api-keys', { name: 'ends', scopes: ['keys'], expiresAt: '2199-01-01T00:00:00Z' });
    const second = (await first.post('/v1/api-keys', { name: 'second', scopes: ['keys'] })).body;
    const [own] = (await first.get('/v1/api-keys')).body.data;
    const revoked = await Promise.all([
      first.delete(`/v1/api-keys/${own.id}`),
      new ApiClient(engine.url, second.key).delete(`/v1/api-keys/${second.id}`),
    ]);
    expect(revoked.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(revoked.find(({ status }) => status === 409)?.body.code).toBe('LAST_ADMIN_KEY');
  });

  it('refuses an expired key', async () => {
    const made = await engine.api.post('/v1/api-keys', { name: 'old', scopes: ['pos'] });
    await engine.engine.dataSource.query(
      `UPDATE api_keys SET expires_at = '2020-01-01T00:00:00Z' WHERE name = 'old'`,
    );
    expect((await new ApiClient(engine.url, made.body.key).get('/v1/members')).status).toBe(401);
  });

  it('is bound to its programme: what another programme has does not exist', async () => {
    const { body: member } = await engine.api.post('/v1/members', { externalId: 'ours' });
    const other = await engine.api.post('/v1/programmes', {
      name: 'Other',
      currency: 'USD',
      timeZone: 'America/New_York',
    });
    expect(other.status).toBe(201);
    const stranger = new ApiClient(engine.url, other.body.key);
    expect((await stranger.get(`/v1/members/${member.id}`)).status).toBe(404);
    expect((await stranger.get('/v1/members?externalId=ours')).body.data).toEqual([]);
    expect((await stranger.get('/v1/programmes')).body.data[0]).toMatchObject({
      name: 'Other',
      currency: 'USD',
    });
    expect((await stranger.post('/v1/members', { externalId: 'ours' })).status).toBe(201);
  });

  it('accepts the key in X-API-Key, too', async () => {
    const response = await fetch(`${engine.url}/v1/programmes`, {
      headers: { 'x-api-key': engine.api.key as string },
    });
    expect(response.status).toBe(200);
  });
});
