import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { NDJSON } from './body-parser.js';
import { sendProblem } from './problem.filter.js';
import { httpProblems } from './problems.js';

/** How long a request's body may take to arrive, in milliseconds; a stream of NDJSON has a bound on silence instead. */
export const BODY_TIME_MS = 30_000;
/** How often bodies that take too long are looked for. */
const LOOK_MS = 1_000;

interface Arriving {
  readonly reply: FastifyReply;
  readonly since: number;
}

/**
 * Ends requests whose body does not arrive in time with 408: without a bound, a client that sends a byte now and then
 * keeps a connection for ever, and needs no key for it. One timer looks at all of them.
 * @param limitMs for tests; default `BODY_TIME_MS`
 */
export function endSlowBodies(fastify: FastifyInstance, limitMs = BODY_TIME_MS): void {
  const arriving = new Map<FastifyRequest, Arriving>();
  fastify.addHook('onRequest', (request, reply, done) => {
    if (hasBody(request)) arriving.set(request, { reply, since: performance.now() });
    done();
  });
  // By now the body was parsed, or is a stream that its route reads.
  fastify.addHook('preValidation', (request, _reply, done) => {
    arriving.delete(request);
    done();
  });
  fastify.addHook('onResponse', (request, _reply, done) => {
    arriving.delete(request);
    done();
  });
  fastify.addHook('onRequestAbort', (request, done) => {
    arriving.delete(request);
    done();
  });
  const look = setInterval(
    () => {
      const before = performance.now() - limitMs;
      for (const [request, { reply, since }] of arriving) {
        // The map is in the order of arrival, so whatever follows is younger.
        if (since > before) break;
        arriving.delete(request);
        end(request, reply, limitMs);
      }
    },
    Math.min(LOOK_MS, limitMs),
  );
  look.unref();
  fastify.addHook('onClose', (_instance, done) => {
    clearInterval(look);
    done();
  });
}

function end(request: FastifyRequest, reply: FastifyReply, limitMs: number): void {
  const detail = `The body did not arrive within ${limitMs / 1000} seconds.`;
  reply.header('connection', 'close');
  // What else the client sends is not read.
  reply.raw.once('finish', () => request.raw.destroy());
  sendProblem(reply, httpProblems.problem('REQUEST_TIMEOUT', detail), request.url);
}

function hasBody({ headers }: FastifyRequest): boolean {
  if (headers['content-type']?.startsWith(NDJSON)) return false;
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
