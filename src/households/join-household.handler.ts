import {
  memberProblems,
  memberSlice,
  membershipSlice,
  requireActive,
  type HouseholdRole,
} from '../members/index.js';
import {
  balanceOf,
  holdsOpen,
  ledgerSlice,
  movePoints,
  openParts,
  transferView,
  type TransferFacts,
} from '../ledger/index.js';
import type { HouseholdId } from '../kernel/ids.js';
import type { Problem } from '../kernel/problem.js';
import { ok, refuse, type Result } from '../kernel/result.js';
import type { Answer, CommandHandler, Work } from '../platform/pipeline/index.js';
import { householdOf } from './household-ids.js';
import { householdProblems } from './problems.js';

/** Members of one household, its head among them. */
export const MAX_HOUSEHOLD_MEMBERS = 50;

export interface CreateHouseholdBody {
  readonly name: string | null;
}

export interface JoinHouseholdBody {
  readonly householdId: HouseholdId;
  readonly role: 'adult' | 'earner';
}

const shared = {
  needsLazyRows: () => true,
  // The household's lots are not asked for; the member's are all needed, as is found out.
  preload: 'referenced' as const,
  movesMembers: true as const,
  unknownTarget: () => memberProblems.problem('MEMBER_NOT_FOUND', 'No member has this identifier.'),
  naturalConflict: () =>
    householdProblems.problem('HOUSEHOLD_CONFLICT', 'The request was sent before with another body.'),
};

/** Opens an account that several members share; its head is the first, and brings along what they have. */
export const createHousehold: CommandHandler<CreateHouseholdBody> = {
  ...shared,
  type: 'household.create',
  decide: ({ name }, home, household) => {
    if (household === null) throw new Error('a household is opened with an account of its own');
    const free = requireFree(home);
    if (!free.ok) return free;
    const householdId = householdOf(household.accountId);
    const created = household.emit({
      type: 'household.created',
      data: { householdId, name, headMemberId: home.memberId },
    });
    if (!created.ok) return created;
    const joined = join(home, household, 'head');
    return joined.ok ? ok(answer('head', joined.value, home, household)) : joined;
  },
};

/** Lets a member share a household's account: everything of theirs goes along, and stays attributed to them. */
export const joinHousehold: CommandHandler<JoinHouseholdBody> = {
  ...shared,
  type: 'household.join',
  unknownCounterparty: ({ householdId }) => unknownHousehold(householdId),
  decide: ({ householdId, role }, home, household) => {
    if (household === null || household.accountId === home.accountId) return refuse(inHousehold(home));
    const size = household.account(membershipSlice).householdSize;
    if (size === null) return refuse(unknownHousehold(householdId));
    if (size === 0)
      return refuse(householdProblems.problem('HOUSEHOLD_CLOSED', `${householdId} was closed.`));
    if (size >= MAX_HOUSEHOLD_MEMBERS) {
      const detail = `A household has at most ${MAX_HOUSEHOLD_MEMBERS} members.`;
      return refuse(householdProblems.problem('HOUSEHOLD_FULL', detail));
    }
    const free = requireFree(home);
    if (!free.ok) return free;
    const joined = join(home, household, role);
    return joined.ok ? ok(answer(role, joined.value, home, household)) : joined;
  },
};

/** Only an active member in no household, none of whose points are on hold, can join one. */
function requireFree(home: Work): Result<void, Problem> {
  const active = requireActive(home);
  if (!active.ok) return active;
  if (home.member(memberSlice).role !== null) return refuse(inHousehold(home));
  const { held } = home.account(ledgerSlice);
  return held > 0 ? refuse(holdsOpen(held)) : ok(undefined);
}

/** First the member, then what comes along: points that came to closed memberships alone would be forfeited. */
function join(home: Work, household: Work, role: HouseholdRole): Result<TransferFacts | null, Problem> {
  const state = home.account(ledgerSlice);
  const householdId = householdOf(household.accountId);
  const joined = household.emit({
    type: 'household.joined',
    data: { householdId, memberId: home.memberId, role },
  });
  if (!joined.ok) return joined;
  return movePoints(home, household, {
    kind: 'join',
    parts: openParts(state),
    terms: { memberId: null, expiry: 'keep' },
    withDebt: true,
    slidingExpiresAt: state.slidingExpiresAt,
  });
}

function answer(role: HouseholdRole, transfer: TransferFacts | null, home: Work, household: Work): Answer {
  const { memberId } = home;
  return {
    status: 201,
    body: {
      id: householdOf(household.accountId),
      accountId: household.accountId,
      member: { memberId, role },
      transfer: transfer && transferView(transfer),
      balance: balanceOf(household.account(ledgerSlice)),
    },
  };
}

function inHousehold({ memberId, accountId }: Work): Problem {
  const householdId = householdOf(accountId);
  const detail = `${memberId} is in ${householdId} already.`;
  return householdProblems.problem('ALREADY_IN_HOUSEHOLD', detail, { meta: { householdId } });
}

function unknownHousehold(householdId: HouseholdId): Problem {
  return householdProblems.problem('HOUSEHOLD_NOT_FOUND', `There is no household ${householdId}.`);
}
