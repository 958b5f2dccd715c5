import type { Problem } from '../kernel/problem.js';
import { ok, refuse, type Result } from '../kernel/result.js';
import type { Work } from '../platform/pipeline/index.js';
import { memberSlice } from './member.slice.js';
import { memberProblems } from './problems.js';

const CODES = {
  suspended: 'MEMBER_SUSPENDED',
  closed: 'MEMBER_CLOSED',
  merged: 'MEMBER_MERGED',
} as const;

/** Refuses what only an active member may do. */
export function requireActive(work: Work): Result<void, Problem> {
  const { status } = work.member(memberSlice);
  if (status === 'active') return ok(undefined);
  return refuse(memberProblems.problem(CODES[status], `The member is ${status}.`));
}
