import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Problem } from '../../kernel/problem.js';
import type { Pipeline } from '../pipeline/index.js';
import { languageHeaders, languageOf, type Language } from './language.js';
import { problemBody, RETRY_AFTER_SECONDS } from './problem.filter.js';
import { setRequestId } from './request-id.js';

/** Where tills post commands. A batch is not among them: it slows its sender down instead. */
const COMMANDS = /^\/v1\/(?:purchases|redemptions)(?:[/?]|$)/;

/**
 * Refuses commands for which the pipeline has no room. Under overload, work on a refusal (routing, reading a body,
 * checking a key) delays the answers to other requests. So this runs before the framework.
 */
export function shedLoad(server: Server, pipeline: Pick<Pipeline, 'refusal'>): void {
  const inside = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { method, url = '/' } = request;
    const refusal = method === 'POST' && COMMANDS.test(url) ? pipeline.refusal() : null;
    if (refusal) {
      setRequestId(request, response);
      refuse(response, refusal, url, languageOf(request.headers['accept-language']));
    } else for (const listener of inside) void listener(request, response);
  });
}

function refuse(response: ServerResponse, problem: Problem, url: string, language: Language): void {
  const body = JSON.stringify(problemBody(problem, { instance: url, language }));
  response
    .writeHead(problem.status, {
      'Retry-After': RETRY_AFTER_SECONDS,
      ...languageHeaders(language),
      'Content-Type': 'application/problem+json; charset=utf-8',
      'Content-Length': Buffer.byteLength(body),
    })
    .end(body);
}
