import { isDeepStrictEqual } from 'node:util';
import { openApiDocument } from '../../src/openapi.js';
import { askForEverything } from '../builders/every-operation.js';
import { receipt } from '../builders/receipt.js';
import { ProgrammeBuilder } from '../builders/programme.js';
import { ApiClient, type Answer } from '../harness/api-client.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';

const UNKNOWN = { pointer: '/surplus', code: 'UNKNOWN_FIELD' };

/** Rows of each table, and the transaction that wrote the last of them; when keys were used is noted on their rows. */
const WRITTEN = `
  SELECT table_name, query_to_xml(
    CASE table_name WHEN 'api_keys' THEN 'SELECT count(*) FROM api_keys'
    ELSE format('SELECT count(*), max(xmin::text::bigint) FROM %I.%I', table_schema, table_name) END,
    false, true, '')::text
  FROM information_schema.tables
  WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')
  ORDER BY 1`;

/** One request after another, whichever client sends it: what is written between two looks is then a refused one's. */
class Turns {
  private last: Promise<unknown> = Promise.resolve();

  take<T>(does: () => Promise<T>): Promise<T> {
    const turn = this.last.then(does);
    this.last = turn.catch(() => undefined);
    return turn;
  }
}

/** Sends each request with one field too many first, in the query, then in the body: the very request that is then done. */
class SurplusClient extends ApiClient {
  readonly refused: { readonly said: string; readonly place: string }[] = [];
  readonly faults: unknown[] = [];

  constructor(
    { url, key }: ApiClient,
    private readonly engine: TestEngine,
    private readonly turns: Turns,
    second: ApiClient | null = null,
  ) {
    super(url, key, second);
  }

  override raw(method: string, path: string, text: string, type: string): Promise<Answer> {
    return this.turns.take(async () => {
      await this.refuses(method, path, 'query', () => super.raw(method, withSurplus(path), text, type));
      return super.raw(method, path, text, type);
    });
  }

  override send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    return this.turns.take(async () => {
      if (path.startsWith('/v1/')) {
        await this.refuses(method, path, 'query', () => super.send(method, withSurplus(path), body, headers));
        const more = { ...(body as object | undefined), surplus: true };
        if (method !== 'GET')
          await this.refuses(method, path, 'body', () => super.send(method, path, more, headers));
      }
      return super.send(method, path, body, headers);
    });
  }

  private async refuses(
    method: string,
    path: string,
    place: string,
    ask: () => Promise<Answer>,
  ): Promise<void> {
    const said = `${method} ${path.split('?')[0]}`;
    const before = method === 'GET' ? null : await this.engine.asOwner(WRITTEN);
    const { status, body } = await ask();
    const after = method === 'GET' ? null : await this.engine.asOwner(WRITTEN);
    const errors = (body as { errors?: readonly { pointer: string; code: string }[] }).errors ?? [];
    const isNamed = errors.some(({ pointer, code }) => pointer === UNKNOWN.pointer && code === UNKNOWN.code);
    if (status !== 422 || !isNamed) this.faults.push({ said, place, status, body });
    const wrote = after?.filter((table, index) => !isDeepStrictEqual(table, before?.[index])) ?? [];
    if (wrote.length > 0) this.faults.push({ said, place, wrote });
    this.refused.push({ said, place });
  }
}

function withSurplus(path: string): string {
  return `${path}${path.includes('?') ? '&' : '?'}surplus=true`;
}

describe('what a request may not have', () => {
  let engine: TestEngine;
  beforeEach(async () => {
    engine = await startTestEngine();
  });
  afterEach(() => engine.close());

  it('is refused by name on every operation, and nothing is written', async () => {
    const { paths } = openApiDocument(engine.engine.app);
    const turns = new Turns();
    const second = new SurplusClient(engine.api.second as ApiClient, engine, turns);
    const client = new SurplusClient(engine.api, engine, turns, second);
    await askForEverything(client);
    expect([...client.faults, ...second.faults]).toEqual([]);

    const refused = [...client.refused, ...second.refused];
    const isRefused = (method: string, path: string, place: string) => {
      const pattern = new RegExp(`^${method} ${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`);
      return refused.some((one) => one.place === place && pattern.test(one.said));
    };
    const missing = Object.entries(paths).flatMap(([path, item]) =>
      Object.keys(item)
        .map((method) => method.toUpperCase())
        .flatMap((method) => [
          ...(isRefused(method, path, 'query') ? [] : [`${method} ${path} query`]),
          ...(method === 'GET' || isRefused(method, path, 'body') ? [] : [`${method} ${path} body`]),
        ]),
    );
    expect(missing.toSorted()).toEqual([
      'GET /health/live query',
      'GET /health/ready query',
      'GET /metrics query',
      // No listener fails here; the test below refuses them all the same.
      ...['discard', 'retry'].flatMap((act) =>
        ['body', 'query'].map((place) => `POST /v1/admin/dead-letters/{listener}/{eventId}/${act} ${place}`),
      ),
      // No job runs by itself here; the test below refuses it all the same.
      'POST /v1/admin/jobs/{name}/run body',
      'POST /v1/admin/jobs/{name}/run query',
      // It needs a run that was broken off; the test below refuses it without one.
      'POST /v1/admin/verify-runs/{id}/resume body',
      'POST /v1/admin/verify-runs/{id}/resume query',
      // Its lines are bodies of their own.
      'POST /v1/purchases:batch body',
    ]);
  });

  it('is no body at all where none is taken, but for an empty one', async () => {
    const { api } = engine;
    const { id } = (await api.post('/v1/members', { externalId: 'C-1' })).body;
    const resume = '/v1/admin/verify-runs/vrf_1/resume';
    for (const path of [
      ...[`/v1/members/${id}/suspend`, resume, '/v1/admin/jobs/anchors/run'],
      ...['retry', 'discard'].map((act) => `/v1/admin/dead-letters/metrics/evt_1/${act}`),
    ]) {
      for (const text of ['[]', 'null', '0', '"x"', '[{}]', '{"dryRun":true}'])
        expect({ text, status: (await api.raw('POST', path, text, 'application/json')).status }).toEqual({
          text,
          status: 422,
        });
      expect((await api.post(`${path}?dryRun=true`)).body.errors).toMatchObject([
        { pointer: '/dryRun', code: 'UNKNOWN_FIELD', detail: 'There is no field dryRun here.' },
      ]);
    }
    expect((await api.get(`/v1/members/${id}`)).body.status).toBe('active');
    for (const text of ['', '{}', ' { } '])
      expect((await api.raw('POST', `/v1/members/${id}/suspend`, text, 'application/json')).body.status).toBe(
        'suspended',
      );
    expect((await api.post(`/v1/members/${id}/reactivate`)).body.status).toBe('active');
  });

  it('is told to no key that the route refuses anyway', async () => {
    const till = await engine.withScopes('pos');
    expect((await till.get('/v1/api-keys?surplus=1')).status).toBe(403);
    expect((await new ApiClient(engine.url, null).get('/v1/api-keys?surplus=1')).status).toBe(401);
  });

  it('leaves probes and scrapers alone', async () => {
    for (const path of ['/health/live', '/health/ready', '/metrics']) {
      const { status } = await fetch(`${engine.url}${path}?surplus=1`);
      expect(status).toBe(200);
    }
  });

  it('is not the dry run of a closing, which tells what would be forfeited', async () => {
    const { api } = engine;
    await new ProgrammeBuilder(api).shop();
    const { id } = (await api.post('/v1/members', { externalId: 'C-1' })).body;
    await api.post('/v1/purchases', receipt());
    const { balance } = (await api.get(`/v1/members/${id}`)).body;
    const dry = await api.post(`/v1/members/${id}/close?dryRun=true`);
    expect(dry).toMatchObject({ status: 200, body: { id, status: 'active', balance, forfeitsAt: null } });
    expect((await api.get(`/v1/members/${id}`)).body).toMatchObject({ status: 'active', balance });
    const closed = (await api.post(`/v1/members/${id}/close`)).body;
    expect(closed).toMatchObject({ status: 'closed', pointsForfeited: dry.body.pointsForfeited });
    expect(closed.pointsForfeited).toBeGreaterThan(0);
  });
});
