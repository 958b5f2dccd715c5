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
        '/v1/members': 200,
        '/v1/finance/liability': 403,
        '/v1/api-keys': 403,
        '/v1/events': 403,
        '/v1/admin/verify': 403,
      },
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

  it('shows a key once, keeps its hash only, and obeys a revocation', async () => {
    const made = await engine.api.post('/v1/api-keys', { name: 'till 1', scopes: ['pos'] });
    expect(made.status).toBe(201);
    const till = new ApiClient(engine.url, made.body.key);
    expect((await till.get('/v1/members')).status).toBe(200);
    const listed = await engine.api.get('/v1/api-keys');
    expect(JSON.stringify(listed.body)).not.toContain(made.body.key);
    const stored = await engine.engine.dataSource.query('SELECT k.hash FROM api_keys k WHERE k.name = $1', [
      'till 1',
    ]);
    expect(stored[0].hash).toHaveLength(32);
    expect((await engine.api.delete(`/v1/api-keys/${made.body.id}`)).body.revokedAt).not.toBeNull();
    expect((await till.get('/v1/members')).status).toBe(401);
  });

  it('refuses an expired key', async () => {
    const made = await engine.api.post('/v1/api-keys', {
      name: 'old',
      scopes: ['pos'],
      expiresAt: '2020-01-01T00:00:00Z',
    });
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
