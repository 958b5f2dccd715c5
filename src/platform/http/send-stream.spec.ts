import { fastify, type FastifyInstance } from 'fastify';
import { setImmediate } from 'node:timers/promises';
import { sendStream } from './send-stream.js';

async function* broken(rows: number): AsyncGenerator<string> {
  for (let row = 0; row < rows; row += 1) {
    yield `row ${row}\n`;
    await setImmediate();
  }
  throw new Error('no such lot');
}

async function* whole(): AsyncGenerator<string> {
  await setImmediate();
  yield 'row 0\n';
}

describe('an answer that is streamed', () => {
  let server: FastifyInstance;
  let url: string;
  let logged: unknown[][] = [];
  const logger = { error: (...said: unknown[]) => void logged.push(said) };
  beforeAll(async () => {
    server = fastify();
    server.get('/broken', (_, reply) => sendStream(reply.type('text/csv'), broken(3), logger));
    server.get('/whole', (_, reply) => sendStream(reply.type('text/csv'), whole(), logger));
    url = await server.listen({ host: '127.0.0.1', port: 0 });
  });
  beforeEach(() => void (logged = []));
  afterAll(() => server.close());

  it('is aborted when it breaks half-way, and the log says why', async () => {
    const answer = await fetch(`${url}/broken`);
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow('terminated');
    expect(logged).toEqual([[expect.objectContaining({ message: 'no such lot' }), 'GET /broken broke off']]);
  });

  it('is whole when it does not', async () => {
    expect(await (await fetch(`${url}/whole`)).text()).toBe('row 0\n');
    expect(logged).toEqual([]);
  });
});
