import { memberProblems, membershipSlice, type HouseholdRole } from '../members/index.js';
import type { HouseholdId } from '../kernel/ids.js';
import { ok, refuse } from '../kernel/result.js';
import type { CommandHandler } from '../platform/pipeline/index.js';
import { householdProblems } from './problems.js';
import { requireMember } from './require-member.js';

export interface ChangeRoleBody {
  readonly householdId: HouseholdId;
  readonly role: HouseholdRole;
}

/** Gives a member of a household another role; with a new head the former head becomes an adult. */
export const changeRole: CommandHandler<ChangeRoleBody> = {
  type: 'household.changeRole',
  needsLazyRows: () => false,
  movesMembers: true,
  unknownTarget: () => memberProblems.problem('MEMBER_NOT_FOUND', 'No member has this identifier.'),
  naturalConflict: () =>
    householdProblems.problem('HOUSEHOLD_CONFLICT', 'The request was sent before with another body.'),
  decide: ({ householdId, role }, work) => {
    const before = requireMember(work, householdId);
    if (!before.ok) return before;
    const { memberId } = work;
    if (before.value === 'head' && role !== 'head') {
      const detail = 'A household needs a head; make another member the head instead.';
      return refuse(householdProblems.problem('HEAD_MUST_STAY', detail));
    }
    const answer = ok({ status: 200, body: { id: householdId, member: { memberId, role } } });
    if (before.value === role) return answer;
    const formerHead = role === 'head' ? work.account(membershipSlice).headMemberId : null;
    const data = { householdId, memberId, role, formerHead };
    const changed = work.emit({ type: 'household.roleChanged', data });
    return changed.ok ? answer : changed;
  },
};
