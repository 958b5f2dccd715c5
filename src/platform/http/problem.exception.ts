import type { Problem } from '../../kernel/problem.js';
import type { Result } from '../../kernel/result.js';

/** Carries a problem from a controller to the filter that answers it. */
export class ProblemException extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

/** The value, or the refusal as an answer. */
export function unwrap<T>(result: Result<T, Problem>): T {
  if (result.ok) return result.value;
  throw new ProblemException(result.refusal);
}
