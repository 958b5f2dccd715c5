import type { Problem } from '../kernel/problem.js';
import { ok, refuse, type Result } from '../kernel/result.js';
import type { Work } from '../platform/pipeline/work-view.js';
import { memberSlice } from './member.slice.js';
import { memberProblems } from './problems.js';

/** Refuses what only an active member may do. */
export function requireActive(work: Work): Result<void, Problem> {
  const { status } = work.member(memberSlice);
  if (status === 'active') return ok(undefined);
  const code = status === 'suspended' ? 'MEMBER_SUSPENDED' : 'MEMBER_CLOSED';
  return refuse(memberProblems.problem(code, `The member is ${status}.`));
}
