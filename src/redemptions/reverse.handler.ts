import type { DomainEvent } from '../kernel/domain-events.js';
import type { LotId, RedemptionId } from '../kernel/ids.js';
import type { Points } from '../kernel/points.js';
import type { Problem } from '../kernel/problem.js';
import { ok, refuse, type Result } from '../kernel/result.js';
import { membershipSlice } from '../members/index.js';
import type { CommandHandler, Work } from '../platform/pipeline/index.js';
import { followMember } from '../transfers/index.js';
import type { RedemptionFacts } from './domain/redemption-facts.js';
import { discountGivenBackMinor, planReversal, pointsStillUsed } from './domain/reversal.js';
import { redemptionProblems } from './problems.js';
import { redemptionAnswer } from './redeem.handler.js';
import { redemptionsSlice } from './redemptions.slice.js';

export interface ReverseBody {
  readonly redemptionId: RedemptionId;
  /** Part of what is still used; null for all of it. */
  readonly points: Points | null;
  readonly reason: string | null;
  /** The lots that gave the points: they may be closed by now, and are loaded by name. */
  readonly lots: readonly LotId[];
}

/**
 * Takes back a redemption whose points were used: all of it or a part, to the lots they came from. The counterparty
 * is its member as they are now: where the account was theirs alone and they have another one by now, the points
 * go on to that. A household's points stay with the household.
 */
export const reverse: CommandHandler<ReverseBody> = {
  type: 'redemption.reverse',
  needsLazyRows: () => true,
  preload: 'referenced',
  referencedIds: ({ redemptionId, lots }) => [redemptionId, ...lots],
  unknownTarget: ({ redemptionId }) => notFound(redemptionId),
  unknownCounterparty: ({ redemptionId }) => notFound(redemptionId),
  naturalConflict: ({ redemptionId }) =>
    redemptionProblems.problem(
      'REDEMPTION_CONFLICT',
      `${redemptionId} was reversed before with another body.`,
    ),
  decide: ({ redemptionId, points, reason }, work, present) => {
    const found = work.account(redemptionsSlice).redemptions.get(redemptionId);
    if (!found) return refuse(notFound(redemptionId));
    const checked = reversiblePoints(found, points);
    if (!checked.ok) return checked;
    const { redemption, lots } = planReversal(found, checked.value);
    const [before, beforeThere] = [work.events.length, present?.events.length ?? 0];
    const cause = { type: 'redemption', id: redemptionId } as const;
    const said = reason === null ? {} : { reason };
    const emitted = work.emit({ type: 'redemption.reversed', data: { redemption, lots, cause, ...said } });
    if (!emitted.ok) return emitted;
    const stays = present === null || isSharedStill(work);
    const followed = stays ? ok(null) : followMember(work, present, lots);
    if (!followed.ok) return followed;
    const transfer = followed.value;
    const there = transfer === null ? null : present;
    const { status, body } = redemptionAnswer(200, redemption, there ?? work);
    const caused = [...work.events.slice(before), ...(there?.events.slice(beforeThere) ?? [])];
    const reversal = {
      points: checked.value,
      discountMinor: discountGivenBackMinor(redemption, checked.value),
      lots,
      /** What of the points was gone at once. */
      expired: pointsOf(caused, 'points.expired'),
      toDebt: pointsOf(caused, 'debt.settled'),
      /** By which the points went on to the account that the member has by now. */
      transferId: transfer?.transferId ?? null,
    };
    return ok({ status, body: { ...body, reversal } });
  },
};

/** Whether the account is a household's with members in it. */
function isSharedStill(work: Work): boolean {
  return (work.account(membershipSlice).householdSize ?? 0) > 0;
}

/** How many points a reversal gives back, or why none. */
function reversiblePoints(redemption: RedemptionFacts, asked: Points | null): Result<Points, Problem> {
  const { redemptionId, status, reward, points: used } = redemption;
  if (status === 'reversed') {
    const detail = `All ${used} points of ${redemptionId} came back already.`;
    return refuse(redemptionProblems.problem('NOTHING_LEFT_TO_REVERSE', detail));
  }
  if (status !== 'captured') {
    const instead = status === 'authorised' ? ' Void it instead.' : '';
    const detail = `${redemptionId} is ${status}, not captured.${instead}`;
    return refuse(redemptionProblems.problem('REDEMPTION_NOT_CAPTURED', detail, { meta: { status } }));
  }
  const left = pointsStillUsed(redemption);
  const points = asked ?? left;
  if (points > left) {
    const detail = `${left} points of ${redemptionId} are still used.`;
    return refuse(redemptionProblems.problem('REVERSAL_EXCEEDS_REDEMPTION', detail, { meta: { left } }));
  }
  if (reward !== null && points < left) {
    const detail = `A reward is reversed whole: all ${left} points.`;
    return refuse(redemptionProblems.problem('REWARD_NOT_DIVISIBLE', detail, { meta: { left } }));
  }
  return ok(points);
}

function pointsOf(events: readonly DomainEvent[], type: 'points.expired' | 'debt.settled'): Points {
  return events
    .flatMap((event) => (event.type === type ? event.data.lots : []))
    .reduce((sum, { points }) => sum + points, 0);
}

function notFound(redemptionId: RedemptionId): Problem {
  return redemptionProblems.problem('REDEMPTION_NOT_FOUND', `There is no redemption ${redemptionId}.`);
}
