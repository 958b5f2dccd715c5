import type { DomainEvent } from '../kernel/domain-events.js';
import type { MemberId } from '../kernel/ids.js';
import type { Points } from '../kernel/points.js';
import { ok, refuse } from '../kernel/result.js';
import type { CommandHandler } from '../platform/pipeline/command.js';
import { withStatus } from './domain/status-at.js';
import { forfeitAll } from './forfeiture.js';
import { memberSlice } from './member.slice.js';
import { memberProblems } from './problems.js';

export interface CloseMemberBody {
  /** Who is closed: the command of a duplicate would reach the survivor, who is another. */
  readonly memberId: MemberId;
  /** Every day for which waiting points counted is loaded, as they count for it no longer. */
  readonly measuresAt: 0;
}

/**
 * Ends a membership for good and forfeits its points (E15). Of a membership that is closed already it forfeits what
 * is left of the time before closing did so, which is nothing as a rule.
 */
export const closeMember: CommandHandler<CloseMemberBody> = {
  type: 'member.close',
  needsDetails: () => true,
  movesMembers: true,
  unknownTarget: () => memberProblems.problem('MEMBER_NOT_FOUND', 'There is no such member.'),
  naturalConflict: () =>
    memberProblems.problem('MEMBER_CLOSED', 'The membership was closed with another body.'),
  decide: ({ memberId }, work) => {
    if (work.memberId !== memberId) {
      const detail = `${memberId} carries on as ${work.memberId}.`;
      const meta = { mergedInto: work.memberId };
      return refuse(memberProblems.problem('MEMBER_MERGED', detail, { meta }));
    }
    const { status, statusChanges } = work.member(memberSlice);
    const before = work.events.length;
    const closed =
      status === 'closed'
        ? forfeitAll(work)
        : work.emit({
            type: 'member.closed',
            data: { statusChanges: withStatus(statusChanges, status, 'closed', work.now) },
          });
    if (!closed.ok) return closed;
    const pointsForfeited = forfeitedBy(work.events.slice(before));
    return ok({ status: 200, body: { memberId, pointsForfeited } });
  },
};

function forfeitedBy(events: readonly DomainEvent[]): Points {
  return events
    .flatMap((event) =>
      event.type === 'points.forfeited' || event.type === 'points.cancelled' ? event.data.lots : [],
    )
    .reduce((sum, { points }) => sum + points, 0);
}
