import type { IncomingMessage, ServerResponse } from 'node:http';
import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';

export const REQUEST_ID_HEADER = 'X-Request-Id';

/** What a proxy or a till may give: 1 to 128 visible ASCII characters, so that a log line stays one line. */
const GIVEN = /^[\x21-\x7e]{1,128}$/;

/** The id that the caller gave in `X-Request-Id`, or a new random one. It identifies log lines, and nothing else. */
export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && GIVEN.test(given) ? given : randomUUID();
}

/** Puts the request's id into every answer of the framework. */
export function answerRequestIds(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.header(REQUEST_ID_HEADER, request.id);
    done();
  });
}

/** The same for an answer that is given before the framework sees the request. */
export function setRequestId(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader(REQUEST_ID_HEADER, requestIdOf(request));
}
