import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Socket } from 'node:net';
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

/** A request that is not over: it is not answered, or its body still comes. */
interface Open {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly waitsFor: 'body' | 'answer' | 'nothing';
  readonly since: number;
  /** The answer begins; a list that is streamed may then take its time. */
  answering: boolean;
  /** When the look first saw that the answer was out; null before. */
  answeredAt: number | null;
}

type Tracked = FastifyRequest & { open: Open | null };

/**
 * Ends requests whose body does not arrive in time (408), and reads that the database does not answer in time (503).
 * Without a bound a client that sends a byte now and then keeps a connection for ever, and a stopped server keeps
 * callers waiting without a word. One timer looks at all connections. What a client still sends after its answer, to a
 * route that refused it or that reads no body, has the same time, and then the connection is closed.
 *
 * Requests are kept by connection, and the next one of a connection takes the place of the one that is over: nothing
 * has to be taken out at the end of each, which would cost every request more than the rest of this.
 */
export function enforceDeadlines(fastify: FastifyInstance, deadlines = DEADLINES): void {
  const connections = new Map<Socket, Open[]>();
  const begin = (socket: Socket): Open[] => {
    const opened: Open[] = [];
    connections.set(socket, opened);
    socket.once('close', () => connections.delete(socket));
    return opened;
  };
  fastify.decorateRequest('open', null);
  fastify.addHook('onRequest', (request, reply, done) => {
    const { socket } = request.raw;
    const opened = connections.get(socket) ?? begin(socket);
    const open: Open = {
      request,
      reply,
      waitsFor: waitsFor(request),
      since: performance.now(),
      answering: false,
      answeredAt: null,
    };
    const last = opened.at(-1);
    // More than one are open where a client does not wait for its answers.
    if (last && isOver(last)) opened[opened.length - 1] = open;
    else opened.push(open);
    (request as Tracked).open = open;
    done();
  });
  fastify.addHook('onSend', (request, _reply, _payload, done) => {
    const { open } = request as Tracked;
    if (open) open.answering = true;
    done();
  });
  const { bodyMs, readMs } = deadlines;
  const look = setInterval(
    () => {
      const now = performance.now();
      for (const [socket, opened] of connections) {
        const left = opened.filter((open) => !isOver(open));
        connections.set(socket, left);
        for (const open of left) end(open, now, deadlines);
      }
    },
    Math.min(LOOK_MS, bodyMs, readMs),
  );
  look.unref();
  fastify.addHook('onClose', (_instance, done) => {
    clearInterval(look);
    done();
  });
}

function waitsFor(request: FastifyRequest): Open['waitsFor'] {
  if (request.method === 'GET' && !LONG_READS.test(request.url)) return 'answer';
  return hasBody(request) ? 'body' : 'nothing';
}

function isOver({ request, reply }: Open): boolean {
  return reply.raw.writableFinished && request.raw.complete;
}

/** Ends a request that is past its deadline. */
function end(open: Open, now: number, { bodyMs, readMs }: Deadlines): void {
  const { request, reply, waitsFor, since, answering } = open;
  if (reply.raw.writableFinished) {
    open.answeredAt ??= now;
    if (now - open.answeredAt >= bodyMs) request.raw.destroy();
  } else if (answering) {
    return;
  } else if (waitsFor === 'body' && !request.raw.complete && now - since >= bodyMs) {
    reply.header('connection', 'close');
    // What else the client sends is not read.
    reply.raw.once('finish', () => request.raw.destroy());
    sendProblem(reply, bodyTooSlow(bodyMs), request.url);
  } else if (waitsFor === 'answer' && now - since >= readMs) {
    sendProblem(reply, readTooSlow(readMs), request.url);
  }
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
