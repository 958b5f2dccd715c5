import { fastify, type FastifyInstance } from 'fastify';
import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { installBodyParsers } from './body-parser.js';
import { enforceDeadlines } from './request-deadlines.js';

const LIMIT_MS = 150;

describe('a request past its deadline', () => {
  let server: FastifyInstance;
  let handled = 0;
  let letGo: () => void;
  beforeAll(async () => {
    server = fastify();
    installBodyParsers(server);
    enforceDeadlines(server, { bodyMs: LIMIT_MS, readMs: LIMIT_MS });
    server.post('/', () => {
      handled += 1;
      return { read: true };
    });
    server.post('/stream', { config: { streams: true } }, async (request) => {
      let bytes = 0;
      for await (const chunk of request.body as AsyncIterable<Buffer>) bytes += chunk.length;
      return { bytes };
    });
    server.get('/alive', () => ({ status: 'live' }));
    server.post('/refused', { config: { streams: true } }, (_, reply) => reply.status(401).send({}));
    let release: () => void = () => undefined;
    server.get('/held', async () => {
      await new Promise<void>((resolve) => (release = resolve));
      return { late: true };
    });
    server.get('/v1/finance/held', async () => {
      await new Promise((resolve) => setTimeout(resolve, 3 * LIMIT_MS));
      return { long: true };
    });
    letGo = () => release();
    await server.listen({ port: 0, host: '127.0.0.1' });
  });
  afterAll(() => server.close());

  const open = async (path: string, type: string, length: number): Promise<Socket> => {
    const socket = connect((server.server.address() as AddressInfo).port, '127.0.0.1');
    await once(socket, 'connect');
    socket.on('error', () => undefined);
    socket.write(
      `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n`,
    );
    return socket;
  };
  const textOf = async (socket: Socket): Promise<string> => {
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    // What was still on its way when the server closed is answered with a reset, which is an end, too.
    await new Promise((resolve) => socket.once('close', resolve));
    return text;
  };

  it('whose body does not arrive is answered 408 and the connection closes, however it drips', async () => {
    const socket = await open('/', 'application/json', 1000);
    const drip = setInterval(() => socket.write('1'), 20);
    const text = await textOf(socket);
    clearInterval(drip);
    expect(text).toMatch(/^HTTP\/1.1 408 /);
    expect(text).toContain('"code":"REQUEST_TIMEOUT"');
    expect(text.toLowerCase()).toContain('connection: close');
    expect(handled).toBe(0);
  });

  it.each(['POST /refused', 'GET /alive'])('is kept after the answer, too: %s', async (what) => {
    const socket = connect((server.server.address() as AddressInfo).port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(
      `${what} HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n`,
    );
    const drip = setInterval(() => socket.write('1\r\n\n\r\n'), 20);
    const text = await textOf(socket);
    clearInterval(drip);
    expect(text).toMatch(/^HTTP\/1.1 (401|200) /);
  });

  it('leaves a connection whose body ends soon after the answer', async () => {
    const socket = await open('/refused', 'application/x-ndjson', 2);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1.1 401 /);
    socket.write('{}');
    await new Promise((resolve) => setTimeout(resolve, 3 * LIMIT_MS));
    expect(socket.destroyed).toBe(false);
    socket.destroy();
  });

  it('is none where the body is there in time, and the route may then take as long as it needs', async () => {
    const socket = await open('/', 'application/json', 2);
    socket.write('{}');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1.1 200 /);
    // The connection is kept: nothing of the request that was answered is looked for any more.
    await new Promise((resolve) => setTimeout(resolve, 2 * LIMIT_MS));
    expect(socket.destroyed).toBe(false);
    socket.destroy();
  });

  it('is none where the body is a stream of any length', async () => {
    const socket = await open('/stream', 'application/x-ndjson', 4);
    socket.write('1\n');
    await new Promise((resolve) => setTimeout(resolve, 2 * LIMIT_MS));
    socket.write('2\n');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toContain('{"bytes":4}');
    socket.destroy();
  });

  it('that reads is answered 503 when they take too long, and what comes late is dropped', async () => {
    const { port } = server.server.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}/held`);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await answer.json()).toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    letGo();
    const next = await fetch(`http://127.0.0.1:${port}/v1/finance/held`);
    expect(await next.json()).toEqual({ long: true });
  });
});
