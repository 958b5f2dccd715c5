import type { DomainEvent } from '../kernel/domain-events.js';
import type { MemberId } from '../kernel/ids.js';
import type { Points } from '../kernel/points.js';
import type { Problem } from '../kernel/problem.js';
import { ok, refuse, type Result } from '../kernel/result.js';
import { formatInstant } from '../kernel/time.js';
import type { CommandHandler, Work } from '../platform/pipeline/index.js';
import { withStatus } from './domain/status-at.js';
import { forfeitAll } from './forfeiture.js';
import { ledgerSlice, requireFewLots } from '../ledger/index.js';
import { memberSlice } from './member.slice.js';
import { membershipSlice } from './membership.slice.js';
import { memberProblems } from './problems.js';

export interface CloseMemberBody {
  /** The member to close. A command that names a duplicate reaches the survivor, who must not be closed by it. */
  readonly memberId: MemberId;
  /** Every day for which waiting points counted is loaded, as they count for it no longer. */
  readonly measuresAt: 0;
}

/**
 * Ends a membership for good and forfeits its points (E15), at once or after the policy's days of grace. Of a membership that is closed already it forfeits what
 * is left of the time before closing did so, which is nothing as a rule.
 */
export const closeMember: CommandHandler<CloseMemberBody> = {
  type: 'member.close',
  needsLazyRows: () => true,
  movesMembers: true,
  unknownTarget: () => memberProblems.problem('MEMBER_NOT_FOUND', 'No member has this identifier.'),
  naturalConflict: () =>
    memberProblems.problem('MEMBER_CLOSED', 'The membership was closed with another body.'),
  decide: ({ memberId }, work) => {
    if (work.memberId !== memberId) {
      const detail = `${memberId} was merged into ${work.memberId}.`;
      const meta = { mergedInto: work.memberId };
      return refuse(memberProblems.problem('MEMBER_MERGED', detail, { meta }));
    }
    const few = requireFewLots(work.account(ledgerSlice).lots.size);
    if (!few.ok) return few;
    const { status, statusChanges } = work.member(memberSlice);
    const before = work.events.length;
    const closed =
      status === 'closed'
        ? forfeitRest(work)
        : work.emit({
            type: 'member.closed',
            data: { statusChanges: withStatus(statusChanges, status, 'closed', work.now) },
          });
    if (!closed.ok) return closed;
    const pointsForfeited = forfeitedBy(work.events.slice(before));
    const { forfeitsAt } = work.account(membershipSlice);
    const kept = forfeitsAt === null ? null : formatInstant(forfeitsAt);
    return ok({ status: 200, body: { memberId, pointsForfeited, forfeitsAt: kept } });
  },
};

/** What a closed membership still has, unless its days of grace are running. */
function forfeitRest(work: Work): Result<void, Problem> {
  return work.account(membershipSlice).forfeitsAt === null ? forfeitAll(work) : ok(undefined);
}

function forfeitedBy(events: readonly DomainEvent[]): Points {
  return events
    .flatMap((event) =>
      event.type === 'points.forfeited' || event.type === 'points.cancelled' ? event.data.lots : [],
    )
    .reduce((sum, { points }) => sum + points, 0);
}
