import type { Problem } from '../kernel/problem.js';
import { changeRequestProblems } from './problems.js';

/** The refusal for a request that the programme does not have. */
export function changeRequestNotFound(id: string): Problem {
  return changeRequestProblems.problem('CHANGE_REQUEST_NOT_FOUND', `There is no change request ${id}.`);
}
