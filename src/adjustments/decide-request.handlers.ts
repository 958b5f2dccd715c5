import type { AdjustmentId, KeyId, LotId } from '../kernel/ids.js';
import type { Problem } from '../kernel/problem.js';
import type { Instant } from '../kernel/time.js';
import { ok, refuse, type Result } from '../kernel/result.js';
import type { Answer, CommandHandler, Work } from '../platform/pipeline/index.js';
import { adjustmentAnswer } from './adjust.handler.js';
import { changesNothing } from './adjustment-plan.js';
import { adjustmentsSlice } from './adjustments.slice.js';
import type { AdjustmentFacts, PointsElsewhere } from './domain/adjustment-facts.js';
import { hasLapsed, orderOf } from './domain/order.js';
import { checkOrder, post } from './plan-adjustment.js';
import { adjustmentProblems } from './problems.js';

/** A checker's decision on a request. */
export interface DecisionBody {
  readonly adjustmentId: AdjustmentId;
  /** The lot the request names, which never changes: it must be loaded even when it is closed. */
  readonly lotId: LotId | null;
  /** The instant by which the lots end that the request is about; null where it is about others. */
  readonly expiringBy: Instant | null;
  readonly note: string | null;
  /** The adjustment or the receipt that the request takes back and what must be loaded with it, likewise. */
  readonly named?: readonly string[];
  /** The line of keys of the one that asked, looked up for the command; null where its key is not known. */
  readonly makerLine: KeyId | null;
  /** That of the one that decides; no part of what was said. */
  readonly line: KeyId;
  /** The accounts with points of these lots, looked up for the command; no part of what was said. */
  readonly places?: readonly PointsElsewhere[];
}

const common = {
  needsLazyRows: () => true,
  preload: 'referenced' as const,
  endingBy: ({ expiringBy }: DecisionBody) => expiringBy,
  referencedIds: ({ adjustmentId, lotId, named = [] }: DecisionBody) => [
    adjustmentId,
    ...(lotId === null ? [] : [lotId]),
    ...named,
  ],
  unknownTarget: ({ adjustmentId }: DecisionBody) => notFound(adjustmentId),
  unknownCounterparty: ({ adjustmentId }: DecisionBody) => notFound(adjustmentId),
  naturalConflict: ({ adjustmentId }: DecisionBody) => notFound(adjustmentId),
};

/** Approves a request of another line of keys: all is checked again, for the balance may have changed, then it is posted. */
export const approveAdjustment: CommandHandler<DecisionBody> = {
  ...common,
  type: 'adjustment.approve',
  decide: (body, work) => {
    const found = requestOf(body, 'posted', work);
    if (!found.ok) return found;
    const { request, again } = found.value;
    if (again) return ok(again);
    const checked = checkOrder({ ...orderOf(request), ...(body.places && { places: body.places }) }, work);
    if (!checked.ok) return checked;
    const { plan, reason } = checked.value;
    if (changesNothing(plan)) {
      const detail = `${request.lotId} has no pending points.`;
      return refuse(adjustmentProblems.problem('LOT_NOT_WAITING', detail));
    }
    const approved: AdjustmentFacts = {
      ...request,
      status: 'posted',
      points: plan.points,
      origin: plan.origin,
      lots: plan.lots,
      outcome: plan.outcome ?? null,
      reason: { id: reason.key, version: reason.version },
      decision: decisionOf(body, work),
    };
    const done = post(approved, plan, work);
    return done.ok ? ok(adjustmentAnswer(200, done.value, work)) : done;
  },
};

/** Rejects a request of another key; no points move. */
export const rejectAdjustment: CommandHandler<DecisionBody> = {
  ...common,
  type: 'adjustment.reject',
  decide: (body, work) => {
    const found = requestOf(body, 'rejected', work);
    if (!found.ok) return found;
    const { request, again } = found.value;
    if (again) return ok(again);
    const rejected: AdjustmentFacts = { ...request, status: 'rejected', decision: decisionOf(body, work) };
    const data = { adjustment: rejected, auditId: work.ids.next('adt') };
    const done = work.emit({ type: 'adjustment.rejected', data });
    return done.ok ? ok(adjustmentAnswer(200, rejected, work)) : done;
  },
};

/**
 * The request to be decided on, by another than its maker; with the answer where it was decided the same way
 * before.
 */
function requestOf(
  { adjustmentId, makerLine, line }: DecisionBody,
  towards: 'posted' | 'rejected',
  work: Work,
): Result<{ readonly request: AdjustmentFacts; readonly again: Answer | null }, Problem> {
  const request = work.account(adjustmentsSlice).known.get(adjustmentId);
  if (!request) return refuse(notFound(adjustmentId));
  if (request.requestedBy === work.actor) {
    const detail = 'The key that requested an adjustment cannot decide on it.';
    return refuse(adjustmentProblems.problem('MAKER_IS_CHECKER', detail));
  }
  if (towards === 'posted' && (makerLine === null || makerLine === line)) {
    const detail = 'The requesting and the approving key are of one line: use a key of another line.';
    return refuse(adjustmentProblems.problem('MAKER_IS_CHECKER', detail));
  }
  if (hasLapsed(request, work.now)) {
    const detail = `${adjustmentId} lapsed; request it again.`;
    return refuse(adjustmentProblems.problem('ADJUSTMENT_LAPSED', detail));
  }
  if (request.status === 'requested') return ok({ request, again: null });
  if (request.status === towards && request.decision !== null)
    return ok({ request, again: adjustmentAnswer(200, request, work) });
  const detail = `${adjustmentId} is ${request.status}.`;
  return refuse(adjustmentProblems.problem('ADJUSTMENT_NOT_REQUESTED', detail));
}

function decisionOf({ note }: DecisionBody, work: Work): AdjustmentFacts['decision'] {
  return { by: work.actor, at: work.now, note };
}

function notFound(adjustmentId: string): Problem {
  return adjustmentProblems.problem('ADJUSTMENT_NOT_FOUND', `There is no adjustment ${adjustmentId}.`);
}
