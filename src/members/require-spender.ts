import type { Problem } from '../kernel/problem.js';
import { refuse, type Result } from '../kernel/result.js';
import type { Work } from '../platform/pipeline/index.js';
import { memberSlice } from './member.slice.js';
import { memberProblems } from './problems.js';
import { requireActive } from './require-active.js';

/** Refuses a member who is not active, or whose role in the household may not use its points. */
export function requireSpender(work: Work): Result<void, Problem> {
  const active = requireActive(work);
  if (!active.ok || work.member(memberSlice).role !== 'earner') return active;
  const detail = 'In this household the member earns points and does not use them.';
  return refuse(memberProblems.problem('MEMBER_ONLY_EARNS', detail));
}
