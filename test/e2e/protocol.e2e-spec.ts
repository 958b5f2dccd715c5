import { once } from 'node:events';
import { connect } from 'node:net';
import { openApiDocument } from '../../src/openapi.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';

/** What a server sends back for bytes, until it or we close. */
async function exchange(url: string, text: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let answer = '';
  socket.on('data', (data) => (answer += data.toString()));
  socket.write(text);
  // What keeps the connection open has answered by its empty line and its body.
  while (!/\r\n\r\n[^]*\}$/.test(answer) && !socket.closed) {
    await Promise.race([once(socket, 'data'), once(socket, 'close')]);
  }
  socket.destroy();
  return answer;
}

describe('what no route is reached with', () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await startTestEngine();
  });
  afterAll(() => engine.close());

  it.each([
    ['an address with half an escape', 'GET /v1/members/%zz HTTP/1.1\r\nHost: a\r\n\r\n', 400, 'BAD_REQUEST'],
    [
      'one of that kind in a query',
      'GET /v1/members?cursor=%zz HTTP/1.1\r\nHost: a\r\n\r\n',
      400,
      'BAD_REQUEST',
    ],
    [
      'a part that is too long',
      `GET /v1/members/${'a'.repeat(300)} HTTP/1.1\r\nHost: a\r\n\r\n`,
      404,
      'NOT_FOUND',
    ],
    ['no Host', 'GET /v1/members HTTP/1.1\r\n\r\n', 400, 'BAD_REQUEST'],
    ['no HTTP', 'hello\r\n\r\n', 400, 'BAD_REQUEST'],
    ['a method that nobody knows', 'BLAH /v1/members HTTP/1.1\r\nHost: a\r\n\r\n', 400, 'BAD_REQUEST'],
    [
      'a length that is no number',
      'POST /v1/members HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n',
      400,
      'BAD_REQUEST',
    ],
    [
      'headers that are too large',
      `GET /v1/members HTTP/1.1\r\nHost: a\r\nX-A: ${'a'.repeat(20_000)}\r\n\r\n`,
      431,
      'HEADERS_TOO_LARGE',
    ],
    ['a path that leads nowhere', 'GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n', 404, 'NOT_FOUND'],
    [
      'an expectation that nobody knows',
      'GET /v1/members HTTP/1.1\r\nHost: a\r\nExpect: 200-ok\r\n\r\n',
      401,
      'UNAUTHENTICATED',
    ],
    [
      'a body of another kind',
      'POST /v1/members HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 1\r\n\r\na',
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
  ])('is refused as a problem with a request id: %s', async (_, text, status, code) => {
    const answer = await exchange(engine.url, text);
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    expect(head.toLowerCase()).toContain('content-type: application/problem+json');
    expect(head.toLowerCase()).toMatch(/x-request-id: [0-9a-f-]{36}/);
    expect(head).toContain(`HTTP/1.1 ${status} `);
    expect(JSON.parse(body)).toMatchObject({ type: `urn:laurel:problem:${code}`, status, code });
  });

  it('answers problems with a title in the language of the caller, in streams and lists as well', async () => {
    const title = async (language: string, path: string, body?: string) => {
      const headers: Record<string, string> = {
        'accept-language': language,
        'content-type': 'application/x-ndjson',
      };
      headers['authorization'] = `Bearer ${engine.api.key}`;
      const init = body === undefined ? { headers } : { method: 'POST', headers, body };
      const answer = await fetch(`${engine.url}${path}`, init);
      const document = JSON.parse(await answer.text());
      const named = ['content-language', 'vary'].map((name) => answer.headers.get(name));
      return [document.problem?.title ?? document.title, ...named];
    };
    expect(await title('fr', '/v1/no')).toEqual(['No such resource', 'en', 'Accept-Language']);
    expect(await title('zh-TW', '/v1/no')).toEqual(['沒有這項資源', 'zh-Hant', 'Accept-Language']);
    expect((await title('zh-TW', '/v1/purchases:batch', 'nonsense'))[0]).toBe('本文不是 JSON');
    await engine.api.post('/v1/members', { externalId: 'L-1' });
    const lot = {
      externalId: 'L-1',
      member: { externalId: 'L-1' },
      origin: 'purchase',
      points: 1,
      carriedMinor: 1,
    };
    const lots = [{ ...lot, earnedOn: '2025-01-01' }];
    const control = { lots: 1, points: 1, carriedMinor: 1 };
    const opening = await engine.api.send(
      'POST',
      '/v1/opening-balances',
      { source: 'old', control, lots },
      {
        'accept-language': 'zh-TW',
      },
    );
    expect(opening.body.results[0].problem.title).toBe('計畫沒有記帳首月');
  });

  it('takes a stream of NDJSON on the route that reads one, and lives on elsewhere', async () => {
    const { paths } = openApiDocument(engine.engine.app);
    const methods = ['post', 'put', 'patch'] as const;
    const addresses = Object.entries(paths).flatMap(([path, item]) =>
      methods.filter((method) => item[method]).map((method) => [method.toUpperCase(), path] as const),
    );
    const answers = await Promise.all(
      addresses.map(async ([method, path]) => {
        const address = path.replaceAll(/\{\w+\}/g, 'x');
        const { status } = await engine.api.raw(method, address, '{}\n', 'application/x-ndjson');
        return `${path} ${status}`;
      }),
    );
    const elsewhere = addresses.filter(([, path]) => path !== '/v1/purchases:batch');
    expect(answers.toSorted()).toEqual(
      [...elsewhere.map(([, path]) => `${path} 415`), '/v1/purchases:batch 200'].toSorted(),
    );
    expect((await engine.api.get('/health/live')).status).toBe(200);
  });
});
