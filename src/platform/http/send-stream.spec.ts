import { fastify, type FastifyInstance } from 'fastify';
import { setImmediate } from 'node:timers/promises';
import { ProblemException } from './problem.exception.js';
import { httpProblems } from './problems.js';
import { sendStream } from './send-stream.js';

async function* broken(rows: number): AsyncGenerator<string> {
  for (let row = 0; row < rows; row += 1) {
    yield `row ${row}\n`;
    await setImmediate();
  }
  throw new Error('no such lot');
}

async function* refused(): AsyncGenerator<string> {
  await setImmediate();
  throw new ProblemException(httpProblems.problem('UNSUPPORTED_MEDIA_TYPE', 'Send NDJSON.'));
  yield '';
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
    server.get('/refused', (_, reply) => sendStream(reply, refused(), logger));
    url = await server.listen({ host: '127.0.0.1', port: 0 });
  });
  beforeEach(() => void (logged = []));
  afterAll(() => server.close());

  it('is aborted when it breaks half-way, and the log says why', async () => {
    const answer = await fetch(`${url}/broken`);
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow('terminated');
    const error = expect.objectContaining({ message: 'no such lot' });
    const where = { message: 'a stream broke off', method: 'GET', path: '/broken' };
    expect(logged).toEqual([[expect.objectContaining({ ...where, error })]]);
  });

  it('is no error of the log where it is a refusal from the start', async () => {
    expect((await fetch(`${url}/refused`)).status).toBe(500);
    expect(logged).toEqual([]);
  });

  it('is whole when it does not', async () => {
    expect(await (await fetch(`${url}/whole`)).text()).toBe('row 0\n');
    expect(logged).toEqual([]);
  });
});
