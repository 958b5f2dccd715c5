import { BadRequestException, HttpException, NotFoundException } from '@nestjs/common';
import { ProblemException } from './problem.exception.js';
import { problemBody, problemOf, type ProblemPlace } from './problem.filter.js';
import { httpProblems } from './problems.js';

describe('an error becomes a problem', () => {
  it('of its own where it carries one', () => {
    const problem = httpProblems.problem('FORBIDDEN', 'Not with this key.');
    expect(problemOf(new ProblemException(problem))).toBe(problem);
  });

  it.each([
    [new BadRequestException('odd'), 400, 'BAD_REQUEST'],
    [new NotFoundException('Cannot GET /x'), 404, 'NOT_FOUND'],
    [new HttpException('no', 405), 400, 'BAD_REQUEST'],
    [{ driverError: { code: '57P01' } }, 503, 'DATABASE_UNAVAILABLE'],
    [{ driverError: { code: '53100' } }, 503, 'DATABASE_UNAVAILABLE'],
    [{ driverError: { code: '25006' } }, 503, 'DATABASE_UNAVAILABLE'],
    [new Error('Connection terminated unexpectedly'), 503, 'DATABASE_UNAVAILABLE'],
    [{ driverError: { code: '57014' } }, 503, 'DATABASE_UNAVAILABLE'],
    [{ driverError: { code: '40P01' } }, 503, 'CONTENDED'],
    [{ driverError: { code: '23505' } }, 500, 'INTERNAL'],
    [{ statusCode: 413 }, 413, 'BODY_TOO_LARGE'],
    [{ statusCode: 415 }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    [new Error('secret detail of a query'), 500, 'INTERNAL'],
    [null, 500, 'INTERNAL'],
    ['a text', 500, 'INTERNAL'],
  ])('%# by its status: %p', (error, status, code) => {
    expect(problemOf(error)).toMatchObject({ status, code });
  });

  it('never tells a caller what went wrong inside', () => {
    expect(JSON.stringify(problemOf(new Error('secret detail of a query')))).not.toContain('secret');
  });
});

describe('the document', () => {
  const PLACE: ProblemPlace = { instance: '/v1/x', language: 'en' };

  it('has the members of RFC 9457 and ours, the path without its query', () => {
    const errors = [{ pointer: '/points', code: 'IS_WHOLE', detail: 'points must be whole.' }];
    const problem = httpProblems.problem('VALIDATION_FAILED', 'Look at /points.', {
      errors,
      meta: { max: 5 },
    });
    expect(problemBody(problem, { instance: '/v1/redemptions?dryRun=true', language: 'en' })).toEqual({
      type: 'urn:laurel:problem:VALIDATION_FAILED',
      title: 'The request is not valid',
      status: 422,
      detail: 'Look at /points.',
      instance: '/v1/redemptions',
      code: 'VALIDATION_FAILED',
      errors,
      meta: { max: 5 },
    });
  });

  it('has the title in the language of the caller, and all else as it is', () => {
    const problem = httpProblems.problem('VALIDATION_FAILED', 'Look at /points.');
    const english = problemBody(problem, PLACE);
    const chinese = problemBody(problem, { ...PLACE, language: 'zh-Hant' });
    expect(chinese).toEqual({ ...english, title: '請求不符規定' });
  });

  it('leaves out what there is none of', () => {
    const text = JSON.stringify(problemBody(httpProblems.problem('NOT_FOUND', 'No such resource.'), PLACE));
    expect(Object.keys(JSON.parse(text) as object)).toEqual([
      'type',
      'title',
      'status',
      'detail',
      'instance',
      'code',
    ]);
  });
});
