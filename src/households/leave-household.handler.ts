import type { HouseholdId } from '../kernel/ids.js';
import type { Problem } from '../kernel/problem.js';
import { ok, refuse, type Result } from '../kernel/result.js';
import {
  balanceOf,
  holdsOpen,
  insufficientPoints,
  ledgerSlice,
  movePoints,
  openParts,
  planSpend,
  transferView,
  type OpenPart,
} from '../ledger/index.js';
import { memberProblems, memberSlice, membershipSlice } from '../members/index.js';
import type { CommandHandler, Work } from '../platform/pipeline/index.js';
import { earnedBy, pointsOfSplit, type Split } from './domain/split.js';
import { householdOf } from './household-ids.js';
import { householdProblems } from './problems.js';
import { requireMember } from './require-member.js';

export interface LeaveHouseholdBody {
  readonly householdId: HouseholdId;
  readonly split: Split;
}

/** Sends a member back to the account they were enrolled with, with their part of the household's points. */
export const leaveHousehold: CommandHandler<LeaveHouseholdBody> = {
  type: 'household.leave',
  needsLazyRows: () => true,
  preload: 'small',
  movesMembers: true,
  unknownTarget: () => memberProblems.problem('MEMBER_NOT_FOUND', 'No member has this identifier.'),
  unknownCounterparty: () => memberProblems.problem('MEMBER_NOT_FOUND', 'No member has this identifier.'),
  naturalConflict: () =>
    householdProblems.problem('HOUSEHOLD_CONFLICT', 'The request was sent before with another body.'),
  decide: ({ householdId, split }, household, home) => {
    const member = requireMember(household, householdId);
    if (!member.ok) return member;
    if (home === null)
      throw new Error(`${household.memberId} is in a household and has no account of their own`);
    const { headMemberId, householdSize } = household.account(membershipSlice);
    const closed = householdSize === 1;
    if (!closed && headMemberId === household.memberId) {
      const detail = 'The head leaves last; make another member the head first.';
      return refuse(householdProblems.problem('HEAD_MUST_STAY', detail));
    }
    const { held, slidingExpiresAt } = household.account(ledgerSlice);
    if (closed && held > 0) return refuse(holdsOpen(held));
    const parts = closed ? ok(openParts(household.account(ledgerSlice))) : share(split, household);
    if (!parts.ok) return parts;
    const moved = movePoints(household, home, {
      kind: 'leave',
      parts: parts.value,
      terms: { memberId: home.memberId, expiry: 'keep' },
      withDebt: closed,
      slidingExpiresAt,
    });
    if (!moved.ok) return moved;
    const { memberId } = household;
    const left = household.emit({
      type: 'household.left',
      data: { householdId, memberId, homeAccountId: home.accountId, closed },
    });
    if (!left.ok) return left;
    const body = {
      id: householdOf(household.accountId),
      closed,
      member: { memberId, accountId: home.accountId, balance: balanceOf(home.account(ledgerSlice)) },
      transfer: moved.value && transferView(moved.value),
      balance: balanceOf(household.account(ledgerSlice)),
    };
    return ok({ status: 200, body });
  },
};

/** The points that a member takes along from a household that goes on. */
function share(split: Split, household: Work): Result<readonly OpenPart[], Problem> {
  const state = household.account(ledgerSlice);
  if (split === 'none') return ok([]);
  if (split === 'own') {
    const members = [household.memberId, ...household.member(memberSlice).mergedFrom];
    return ok(earnedBy(openParts(state), state.lots, members));
  }
  const size = household.account(membershipSlice).householdSize ?? 1;
  const points = pointsOfSplit(split, state.available, size);
  const plan = planSpend(state, points);
  if (!plan.ok) return refuse(insufficientPoints(plan.refusal));
  return ok(plan.value.map((lot) => ({ ...lot, from: 'available' as const })));
}
