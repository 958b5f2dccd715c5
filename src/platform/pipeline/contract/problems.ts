import { defineProblems } from '../../../kernel/problem.js';

export const pipelineProblems = defineProblems({
  IDEMPOTENCY_KEY_REUSED: { status: 422, title: 'Idempotency key used with another body' },
  OVERLOADED: { status: 503, title: 'Too many commands are waiting' },
  SHUTTING_DOWN: { status: 503, title: 'The server is shutting down' },
  CONTENDED: { status: 503, title: 'The account is being changed too often' },
  CLOCK_BEHIND: { status: 503, title: 'The server’s clock is behind what is recorded' },
  DATABASE_UNAVAILABLE: { status: 503, title: 'The database does not answer' },
});
