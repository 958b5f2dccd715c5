import { memberSlice, type HouseholdRole } from '../members/index.js';
import type { HouseholdId } from '../kernel/ids.js';
import type { Problem } from '../kernel/problem.js';
import { ok, refuse, type Result } from '../kernel/result.js';
import type { Work } from '../platform/pipeline/index.js';
import { accountOf } from './household-ids.js';
import { householdProblems } from './problems.js';

/** The role of the member a command names in the household it names; refused where they are not in it. */
export function requireMember(work: Work, householdId: HouseholdId): Result<HouseholdRole, Problem> {
  const { role } = work.member(memberSlice);
  if (role !== null && work.accountId === accountOf(householdId)) return ok(role);
  const detail = `${work.memberId} is not in ${householdId}.`;
  return refuse(householdProblems.problem('NOT_IN_HOUSEHOLD', detail));
}
