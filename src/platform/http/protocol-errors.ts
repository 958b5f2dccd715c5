import { STATUS_CODES, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { randomUUID } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Problem } from '../../kernel/problem.js';
import { problemBody, sendProblem } from './problem.filter.js';
import { httpProblems } from './problems.js';
import { REQUEST_ID_HEADER } from './request-id.js';

/** What no request may be without (RFC 9112, 3.2); Node's own refusal of it has no body. */
export const SERVER_OPTIONS = { requireHostHeader: false };

/** Refuses what the router cannot read, before any hook: no route is that long, and an address is UTF-8. */
export function answerRouterError(
  { code }: { code?: string },
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  reply.header(REQUEST_ID_HEADER, request.id);
  const problem =
    code === 'FST_ERR_MAX_PARAM_LENGTH'
      ? httpProblems.problem('NOT_FOUND', 'No such resource.')
      : httpProblems.problem('BAD_REQUEST', 'The address cannot be read.');
  sendProblem(reply, problem, request.url);
}

/** Answers what Node cannot read as HTTP as every other refusal, and closes the connection. */
export function answerClientError(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = problemOfParser(error.code);
  const body = JSON.stringify(problemBody(problem, { instance: '', language: 'en' }));
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    'Content-Type: application/problem+json; charset=utf-8',
    'Content-Language: en',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `${REQUEST_ID_HEADER}: ${randomUUID()}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}

function problemOfParser(code: string | undefined): Problem {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return httpProblems.problem('REQUEST_TIMEOUT', 'The head of the request did not arrive in time.');
  if (code === 'HPE_HEADER_OVERFLOW')
    return httpProblems.problem(
      'HEADERS_TOO_LARGE',
      'The headers of the request have more bytes than are read.',
    );
  return httpProblems.problem('BAD_REQUEST', 'The bytes that arrived are not HTTP.');
}

/** An unknown expectation is not met; the request is answered all the same (RFC 9110, 10.1.1 allows both). */
export function ignoreUnknownExpectations(server: Server): void {
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
}
