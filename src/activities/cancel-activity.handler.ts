import type { Problem } from '../kernel/problem.js';
import { ok, refuse } from '../kernel/result.js';
import { formatInstant } from '../kernel/time.js';
import { balanceOf, ledgerSlice } from '../ledger/index.js';
import type { CommandHandler } from '../platform/pipeline/index.js';
import { tierChangeView } from '../purchases/index.js';
import { standingSlice, standingView } from '../tiers/index.js';
import { activitiesSlice, recordedActivity } from './activities.slice.js';
import type { CancelActivityBody } from './domain/activity-body.js';
import { activityProblems } from './problems.js';
import { awardsOf, takeBackPoints } from './take-back-points.js';

/** Takes an activity back as if it had not been: its points, and what it had used of limits. */
export const cancelActivity: CommandHandler<CancelActivityBody> = {
  type: 'activity.cancel',
  cacheable: true,
  needsLazyRows: () => true,
  preload: 'referenced',
  referencedIds: ({ activityId }) => [activityId],
  unknownTarget: ({ activityId }) => activityNotFound(activityId),
  naturalConflict: ({ activityId }) => cancelledBefore(activityId),
  decide: ({ activityId, reason }, work) => {
    const recorded = recordedActivity(work.account(activitiesSlice), activityId);
    if (!recorded) return refuse(activityNotFound(activityId));
    if (recorded.cancelled) return refuse(cancelledBefore(activityId));
    const first = work.events.length;
    const { occurredAt } = recorded.facts;
    const cause = { type: 'activityCancellation', id: activityId } as const;
    const taken = takeBackPoints({ cause, occurredAt, grants: recorded.grants }, reason, work);
    if (!taken.ok) return taken;
    const { value: cancellation } = taken;
    const awards = recorded.counted ? awardsOf(recorded.grants, work) : [];
    const data = { activity: recorded.facts, cancellation, awards };
    const cancelled = work.emit({ type: 'activity.cancelled', data });
    if (!cancelled.ok) return cancelled;
    const { takenFrom, pointsTaken, gone, debt, forgiven } = cancellation;
    const body = {
      id: activityId,
      memberId: work.memberId,
      accountId: work.accountId,
      cancelledAt: formatInstant(work.now),
      reason,
      ...{ pointsTaken, pointsGone: gone, debt, forgiven, takenFrom },
      balance: balanceOf(work.account(ledgerSlice)),
      standing: standingView(work.member(standingSlice), work.config, work.now),
      tierChange: tierChangeView(work.events.slice(first)),
    };
    return ok({ status: 200, body });
  },
};

export function activityNotFound(id: string): Problem {
  return activityProblems.problem('ACTIVITY_NOT_FOUND', `There is no activity ${id}.`);
}

function cancelledBefore(id: string): Problem {
  return activityProblems.problem('ACTIVITY_CANCELLED', `The activity ${id} was cancelled before.`);
}
