import { defineProblems, type Problem } from '../../../kernel/problem.js';
import { classifySqlError, isContention, type SqlErrorKind } from '../../database/sql-errors.js';

export const pipelineProblems = defineProblems({
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    title: 'The Idempotency-Key was used with another body',
    zhHant: 'Idempotency-Key 已用於其他內容',
  },
  OVERLOADED: { status: 503, title: 'Too many commands are waiting', zhHant: '等待的指令太多' },
  SHUTTING_DOWN: { status: 503, title: 'The server is shutting down', zhHant: '伺服器正在關閉' },
  CONTENDED: { status: 503, title: 'The account is being updated concurrently', zhHant: '帳戶正被同時更新' },
  CLOCK_BEHIND: {
    status: 503,
    title: "The server's clock is behind what is recorded",
    zhHant: '伺服器時鐘落後於已有的紀錄',
  },
  DATABASE_UNAVAILABLE: { status: 503, title: 'The database is not available', zhHant: '資料庫無法使用' },
});

const UNAVAILABLE_DETAILS: Readonly<Partial<Record<SqlErrorKind, string>>> = {
  connection: 'The database did not answer; try again.',
  unavailable: 'The database cannot do this now; try again.',
  slow: 'The database took too long; try again.',
};

/** The problem with which a caller is refused because of the database; null if the error is ours. */
export function databaseProblem(error: unknown): Problem | null {
  if (isContention(error))
    return pipelineProblems.problem('CONTENDED', 'The account is being updated concurrently; try again.');
  const detail = UNAVAILABLE_DETAILS[classifySqlError(error)];
  return detail === undefined ? null : pipelineProblems.problem('DATABASE_UNAVAILABLE', detail);
}
