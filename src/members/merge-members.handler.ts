import { countedDays, earningCountersSlice } from '../earning/index.js';
import {
  balanceOf,
  holdsOpen,
  ledgerSlice,
  movePoints,
  openParts,
  transferView,
  type TransferFacts,
} from '../ledger/index.js';
import type { Problem } from '../kernel/problem.js';
import { ok, refuse, type Result } from '../kernel/result.js';
import type { CommandHandler, Work } from '../platform/pipeline/index.js';
import { changeAt, standingSlice, standingView } from '../tiers/index.js';
import type { MergedMember } from './member-facts.js';
import { memberSlice } from './member.slice.js';
import { memberProblems } from './problems.js';

export interface MergeMembersBody {
  /** Every day that was ever measured, or counted against a limit, is the survivor's, so all of them are loaded. */
  readonly measuresAt: 0;
}

/**
 * Merges a duplicate into the survivor. What the duplicate has, owes and is known by becomes the survivor's. Its
 * purchases count for the survivor's tier and against the limits of rules. Its own history stays where it is.
 */
export const mergeMembers: CommandHandler<MergeMembersBody> = {
  type: 'member.merge',
  needsLazyRows: () => true,
  // The survivor's lots are not asked for; the duplicate's are all needed, as is found out.
  preload: 'referenced',
  movesMembers: true,
  unknownTarget: () => memberProblems.problem('MEMBER_NOT_FOUND', 'No member has this identifier.'),
  unknownCounterparty: () => {
    const detail = 'No member has this identifier.';
    const errors = [{ pointer: '/duplicate', code: 'MEMBER_NOT_FOUND', detail }];
    return memberProblems.problem('MEMBER_NOT_FOUND', detail, { errors });
  },
  naturalConflict: () =>
    memberProblems.problem('MERGE_CONFLICT', 'The request was sent before with another body.'),
  decide: (_body, survivor, duplicate) => {
    const apart = requireApart(survivor, duplicate);
    if (!apart.ok) return apart;
    const { value: former } = apart;
    const moved = takeOver(survivor, former);
    if (!moved.ok) return moved;
    const data = {
      survivor: sideOf(survivor),
      duplicate: sideOf(former),
      role: roleAfter(survivor, former),
      days: [...former.member(standingSlice).days].map(([day, counted]) => ({ day, ...counted })),
      counted: countedDays(former.member(earningCountersSlice)),
      tier: tierOf(former),
    };
    for (const work of [survivor, former]) {
      const merged = work.emit({ type: 'member.merged', data });
      if (!merged.ok) return merged;
    }
    const body = {
      id: survivor.memberId,
      accountId: survivor.accountId,
      duplicate: former.memberId,
      transfer: moved.value && transferView(moved.value),
      balance: balanceOf(survivor.account(ledgerSlice)),
      standing: standingView(survivor.member(standingSlice), survivor.config, survivor.now),
    };
    return ok({ status: 200, body });
  },
};

/** Two members, on accounts of their own or in one household, and the survivor's membership not closed. */
function requireApart(survivor: Work, duplicate: Work | null): Result<Work, Problem> {
  if (duplicate === null) {
    const detail = `The duplicate is ${survivor.memberId} already.`;
    const errors = [{ pointer: '/duplicate', code: 'SAME_MEMBER', detail }];
    return refuse(memberProblems.problem('SAME_MEMBER', detail, { errors }));
  }
  if (survivor.member(memberSlice).status === 'closed')
    return refuse(memberProblems.problem('MEMBER_CLOSED', 'Cannot merge into a closed member.'));
  if (survivor.accountId === duplicate.accountId) return ok(duplicate);
  if ([survivor, duplicate].some((work) => work.member(memberSlice).role !== null)) {
    const detail =
      'One of the members is in a household without the other: leave the household first, or join both.';
    return refuse(memberProblems.problem('IN_HOUSEHOLD', detail));
  }
  const { held } = duplicate.account(ledgerSlice);
  return held > 0 ? refuse(holdsOpen(held)) : ok(duplicate);
}

/** Everything open of the duplicate's account; where both share one it is there already. */
function takeOver(survivor: Work, duplicate: Work): Result<TransferFacts | null, Problem> {
  if (survivor.accountId === duplicate.accountId) return ok(null);
  const state = duplicate.account(ledgerSlice);
  const { slidingExpiresAt } = state;
  return movePoints(duplicate, survivor, {
    kind: 'merge',
    parts: openParts(state),
    terms: { memberId: survivor.memberId, expiry: 'keep' },
    withDebt: true,
    slidingExpiresAt,
  });
}

/** In a household the survivor takes the place of a duplicate who heads it. */
function roleAfter(survivor: Work, duplicate: Work) {
  const { role } = survivor.member(memberSlice);
  return duplicate.member(memberSlice).role === 'head' ? 'head' : role;
}

/** The tier a member was given last; null for one who was given none. */
function tierOf(work: Work) {
  const change = changeAt(work.member(standingSlice), Infinity);
  return change === undefined ? null : { key: change.to, tierSet: change.tierSet };
}

function sideOf(work: Work): MergedMember {
  const { status, mergedFrom } = work.member(memberSlice);
  return { memberId: work.memberId, accountId: work.accountId, status, mergedFrom };
}
