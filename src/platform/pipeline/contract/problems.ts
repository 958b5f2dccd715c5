import { defineProblems, type Problem } from '../../../kernel/problem.js';
import { classifySqlError, isContention, type SqlErrorKind } from '../../database/sql-errors.js';

export const pipelineProblems = defineProblems({
  IDEMPOTENCY_KEY_REUSED: { status: 422, title: 'Idempotency key used with another body' },
  OVERLOADED: { status: 503, title: 'Too many commands are waiting' },
  SHUTTING_DOWN: { status: 503, title: 'The server is shutting down' },
  CONTENDED: { status: 503, title: 'The account is being changed too often' },
  CLOCK_BEHIND: { status: 503, title: 'The server’s clock is behind what is recorded' },
  DATABASE_UNAVAILABLE: { status: 503, title: 'The database does not answer' },
});

const UNAVAILABLE_DETAILS: Readonly<Partial<Record<SqlErrorKind, string>>> = {
  connection: 'The database did not answer; try again.',
  unavailable: 'The database cannot do this now; try again.',
  slow: 'The database took too long; try again.',
};

/** The problem with which a caller is refused because of the database; null if the error is ours. */
export function databaseProblem(error: unknown): Problem | null {
  if (isContention(error))
    return pipelineProblems.problem('CONTENDED', 'Others were faster every time; try again.');
  const detail = UNAVAILABLE_DETAILS[classifySqlError(error)];
  return detail === undefined ? null : pipelineProblems.problem('DATABASE_UNAVAILABLE', detail);
}
