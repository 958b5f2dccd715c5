import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Problem } from '../../kernel/problem.js';
import { classifySqlError } from '../database/sql-errors.js';
import { databaseProblem } from '../pipeline/index.js';
import { languageHeaders, languageOf, type Language } from './language.js';
import { ProblemException } from './problem.exception.js';
import { httpProblems } from './problems.js';

/** Seconds a client should wait before it tries again after a 503. */
export const RETRY_AFTER_SECONDS = 1;

/** Answers every refusal and error as `application/problem+json` (RFC 9457). */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  catch(error: unknown, host: ArgumentsHost): void {
    const context = host.switchToHttp();
    const request = context.getRequest<FastifyRequest>();
    const problem = problemOf(error);
    const { id: requestId, method, url } = request;
    const entry = { requestId, method, path: pathOf(url), error };
    if (problem.status === 500) this.logger.error({ message: 'a request failed', ...entry });
    // A database that is away shows by itself, and with every request.
    else if (problem.code === 'DATABASE_UNAVAILABLE' && classifySqlError(error) !== 'connection')
      this.logger.warn({ message: 'the database kept a request from being answered', ...entry });
    sendProblem(context.getResponse<FastifyReply>(), problem, request.url);
  }
}

export function sendProblem(reply: FastifyReply, problem: Problem, instance: string): void {
  if (problem.status === 503) reply.header('Retry-After', RETRY_AFTER_SECONDS);
  if (problem.status === 401) reply.header('WWW-Authenticate', 'Bearer');
  const { language } = problemPlace(reply.request);
  void reply
    .status(problem.status)
    .headers(languageHeaders(language))
    .type('application/problem+json')
    .send(JSON.stringify(problemBody(problem, { instance, language })));
}

/** The request that a problem answers, as its document needs it. */
export interface ProblemPlace {
  /** The address of the request; its query is left out of the document. */
  readonly instance: string;
  /** Of the title. */
  readonly language: Language;
}

export function problemPlace({ url, headers }: Pick<FastifyRequest, 'url' | 'headers'>): ProblemPlace {
  return { instance: url, language: languageOf(headers['accept-language']) };
}

/** The members of the document, in the contract's order. */
export function problemBody(problem: Problem, { instance, language }: ProblemPlace): Record<string, unknown> {
  const { code, status, detail, errors, meta } = problem;
  const path = pathOf(instance);
  const title = language === 'zh-Hant' ? problem.zhHant : problem.title;
  return { type: `urn:laurel:problem:${code}`, title, status, detail, instance: path, code, errors, meta };
}

/** An address without its query, which may hold what identifies a member. */
export function pathOf(url: string): string {
  const end = url.indexOf('?');
  return end === -1 ? url : url.slice(0, end);
}

export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemException) return error.problem;
  const ofDatabase = databaseProblem(error);
  if (ofDatabase) return ofDatabase;
  const status = statusOf(error);
  const detail = error instanceof Error ? error.message : 'Unknown error';
  switch (status) {
    case 400:
      return httpProblems.problem('BAD_REQUEST', detail);
    case 404:
      return httpProblems.problem('NOT_FOUND', 'No such resource.');
    case 408:
      return httpProblems.problem('REQUEST_TIMEOUT', detail);
    case 413:
      return httpProblems.problem('BODY_TOO_LARGE', 'The body is larger than this route takes.');
    case 415:
      return httpProblems.problem('UNSUPPORTED_MEDIA_TYPE', 'Send application/json.');
    default:
      // The framework's other refusals are the caller's fault, too; only what is not is ours.
      if (status > 400 && status < 500) return httpProblems.problem('BAD_REQUEST', detail);
      return httpProblems.problem('INTERNAL', 'The error is in the log of the server.');
  }
}

function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const { statusCode } = (error ?? {}) as { statusCode?: unknown };
  return typeof statusCode === 'number' ? statusCode : 500;
}
