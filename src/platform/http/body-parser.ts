import { RouteConfig } from '@nestjs/platform-fastify';
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Problem } from '../../kernel/problem.js';
import { ProblemException } from './problem.exception.js';
import { sendProblem } from './problem.filter.js';
import { httpProblems } from './problems.js';

/** The largest JSON body, and the largest line of an NDJSON body, in bytes. */
export const MAX_BODY_BYTES = 1_048_576;
export const NDJSON = 'application/x-ndjson';

/** The deepest nesting of a body; receipts need five levels. */
export const MAX_DEPTH = 64;

/** Escapes of control characters, surrogates and letters that need no escape; and the prototype. */
const SUSPICIOUS = /\\u00|\\u[dD][89a-fA-F]|__proto__/;

/**
 * Reads JSON, and refuses what PostgreSQL could not keep: NUL characters and lone surrogates (RFC 8259, 8.2).
 * @throws ProblemException MALFORMED_JSON
 */
export function parseJson(text: string): unknown {
  if (isTooDeep(text)) throw malformed(`more than ${MAX_DEPTH} levels deep`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw malformed(error instanceof Error ? error.message : 'unreadable');
  }
  if (SUSPICIOUS.test(text) || text.includes('\0')) requireStorable(value);
  return value;
}

/** Replaces Fastify's parsers: ours for JSON, and the raw stream for NDJSON where a route reads one. */
export function installBodyParsers(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      // An empty body is a request without one (a capture of the whole hold, say).
      done(null, body.length === 0 ? undefined : parseJson(textOf(body as Buffer)));
    } catch (error) {
      done(error as Error);
    }
  });
  fastify.addContentTypeParser(NDJSON, (request, payload, done) => {
    // Whatever looks into a body must find JSON there: a stream reaches down into the process that reads it.
    if ((request.routeOptions.config as { streams?: boolean }).streams) done(null, payload);
    else done(new ProblemException(httpProblems.problem('UNSUPPORTED_MEDIA_TYPE', 'Send application/json.')));
  });
}

/** A route that reads its body by itself, as a stream of NDJSON. */
export const ReadsStream = (): MethodDecorator => RouteConfig({ streams: true });

/** A charset of a media type that is not UTF-8; RFC 8259 knows no other for JSON. */
const OTHER_CHARSET = /;\s*charset=(?!"?utf-?8"?\s*(?:;|$))/i;

/** Refuses what could only be guessed at: other encodings than UTF-8, and what PostgreSQL could not look for. */
export function refuseOtherTexts(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', ({ url, headers, raw }, reply, done) => {
    const problem =
      hostProblem(raw) ??
      addressProblem(url) ??
      mediaProblem(headers['content-type'] ?? '', headers['content-encoding']);
    if (problem) sendProblem(reply, problem, url);
    else done();
  });
}

/** A client of HTTP 1.1 must name the host (RFC 9112, 3.2). */
function hostProblem({ httpVersion, headers }: IncomingMessage): Problem | null {
  if (httpVersion !== '1.1' || headers.host !== undefined) return null;
  return httpProblems.problem('BAD_REQUEST', 'The request names no Host.');
}

function addressProblem(url: string): Problem | null {
  if (/%00|\0/.test(url)) return httpProblems.problem('BAD_REQUEST', 'The address holds a NUL character.');
  if (!url.includes('%')) return null;
  try {
    decodeURIComponent(url);
    return null;
  } catch {
    const detail = 'The address holds % without two digits after it, or bytes that are not UTF-8.';
    return httpProblems.problem('BAD_REQUEST', detail);
  }
}

function mediaProblem(contentType: string, contentEncoding: string | undefined): Problem | null {
  if (contentEncoding !== undefined) {
    const detail = 'Send the body as it is, without Content-Encoding.';
    return httpProblems.problem('UNSUPPORTED_MEDIA_TYPE', detail);
  }
  if (!OTHER_CHARSET.test(contentType)) return null;
  return httpProblems.problem('UNSUPPORTED_MEDIA_TYPE', 'Send the body in UTF-8.');
}

function textOf(body: Buffer): string {
  if (!isUtf8(body)) throw notUtf8();
  return body.toString('utf8');
}

/** The refusal of bytes that are no text. */
export function notUtf8(): ProblemException {
  return malformed('it holds bytes that are not UTF-8');
}

/**
 * Counts brackets outside of strings, so that no recursion over the value can run out of stack. A text that has not
 * even so many brackets, which most have not, is not read character by character.
 */
function isTooDeep(text: string): boolean {
  if (!hasManyBrackets(text)) return false;
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charCodeAt(index);
    if (inString) {
      if (character === BACKSLASH) index += 1;
      else if (character === QUOTE) inString = false;
    } else if (character === QUOTE) inString = true;
    else if (character === OPEN_BRACE || character === OPEN_BRACKET) {
      depth += 1;
      if (depth > MAX_DEPTH) return true;
    } else if (character === CLOSE_BRACE || character === CLOSE_BRACKET) depth -= 1;
  }
  return false;
}

/** Whether more than `MAX_DEPTH` brackets open, be they brackets or parts of strings. */
function hasManyBrackets(text: string): boolean {
  let brackets = 0;
  for (const bracket of '{[') {
    for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1)) {
      brackets += 1;
      if (brackets > MAX_DEPTH) return true;
    }
  }
  return false;
}

const QUOTE = 34;
const BACKSLASH = 92;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

function requireStorable(value: unknown): void {
  if (typeof value === 'string') {
    if (value.includes('\0') || !value.isWellFormed())
      throw malformed('a string holds a character that is not text');
  } else if (Array.isArray(value)) {
    value.forEach(requireStorable);
  } else if (value !== null && typeof value === 'object') {
    for (const [key, item] of Object.entries(value)) {
      if (key === '__proto__') throw malformed('"__proto__" is not a field name');
      requireStorable(key);
      requireStorable(item);
    }
  }
}

function malformed(detail: string): ProblemException {
  return new ProblemException(httpProblems.problem('MALFORMED_JSON', `The body is not JSON: ${detail}.`));
}
