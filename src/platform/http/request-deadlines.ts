import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Problem } from '../../kernel/problem.js';
import { pipelineProblems } from '../pipeline/index.js';
import { NDJSON } from './body-parser.js';
import { sendProblem } from './problem.filter.js';
import { httpProblems } from './problems.js';

export interface Deadlines {
  /** How long the body of a request may take to arrive; a stream of NDJSON has a bound on silence instead. */
  readonly bodyMs: number;
  /** How long a read may take to be answered; reports, exports and checks of the whole ledger have no bound. */
  readonly readMs: number;
}

export const DEADLINES: Deadlines = { bodyMs: 30_000, readMs: 15_000 };

/** Routes whose answers take as long as there is something to read. */
const LONG_READS = /^\/v1\/(?:finance|admin)\//;
/** How often requests past their deadline are looked for. */
const LOOK_MS = 1_000;

interface Open {
  readonly reply: FastifyReply;
  readonly since: number;
}

/**
 * Ends requests whose body does not arrive in time (408), and reads that the database does not answer in time (503).
 * Without a bound a client that sends a byte now and then keeps a connection for ever, and a stopped server keeps
 * callers waiting without a word. One timer looks at all requests. What a client still sends after its answer, to a
 * route that refused it or that reads no body, has the same time, and then the connection is closed.
 */
export function enforceDeadlines(fastify: FastifyInstance, { bodyMs, readMs } = DEADLINES): void {
  const arriving = new Map<FastifyRequest, Open>();
  const reading = new Map<FastifyRequest, Open>();
  const trailing = new Map<FastifyRequest, Open>();
  fastify.addHook('onRequest', (request, reply, done) => {
    const open = { reply, since: performance.now() };
    if (request.method === 'GET' && !LONG_READS.test(request.url)) reading.set(request, open);
    else if (hasBody(request)) arriving.set(request, open);
    done();
  });
  // By now the body was parsed, or is a stream that its route reads.
  fastify.addHook('preValidation', (request, _reply, done) => {
    arriving.delete(request);
    done();
  });
  const forget = (request: FastifyRequest): void => {
    arriving.delete(request);
    reading.delete(request);
  };
  // The answer begins; a list that is streamed may then take its time.
  fastify.addHook('onSend', (request, _reply, _payload, done) => {
    forget(request);
    done();
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    if (!request.raw.complete) trailing.set(request, { reply, since: performance.now() });
    done();
  });
  fastify.addHook('onRequestAbort', (request, done) => {
    forget(request);
    done();
  });
  const look = setInterval(
    () => {
      const now = performance.now();
      for (const [request, reply] of overdue(arriving, now - bodyMs)) {
        reply.header('connection', 'close');
        // What else the client sends is not read.
        reply.raw.once('finish', () => request.raw.destroy());
        sendProblem(reply, bodyTooSlow(bodyMs), request.url);
      }
      for (const [request, reply] of overdue(reading, now - readMs))
        sendProblem(reply, readTooSlow(readMs), request.url);
      for (const [request] of overdue(trailing, now - bodyMs))
        if (!request.raw.complete) request.raw.destroy();
    },
    Math.min(LOOK_MS, bodyMs, readMs),
  );
  look.unref();
  fastify.addHook('onClose', (_instance, done) => {
    clearInterval(look);
    done();
  });
}

/** Takes out the requests that are open since before an instant. */
function overdue(
  open: Map<FastifyRequest, Open>,
  before: number,
): readonly (readonly [FastifyRequest, FastifyReply])[] {
  const found: (readonly [FastifyRequest, FastifyReply])[] = [];
  for (const [request, { reply, since }] of open) {
    // The map is in the order of arrival, so whatever follows is younger.
    if (since > before) break;
    open.delete(request);
    found.push([request, reply]);
  }
  return found;
}

function bodyTooSlow(limitMs: number): Problem {
  return httpProblems.problem('REQUEST_TIMEOUT', `The body did not arrive within ${limitMs / 1000} seconds.`);
}

function readTooSlow(limitMs: number): Problem {
  const detail = `The database did not answer within ${limitMs / 1000} seconds; try again.`;
  return pipelineProblems.problem('DATABASE_UNAVAILABLE', detail);
}

function hasBody({ headers }: FastifyRequest): boolean {
  if (headers['content-type']?.startsWith(NDJSON)) return false;
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
