import type { Cause } from '../kernel/domain-events.js';
import type { AdjustmentId, LotId } from '../kernel/ids.js';
import type { Problem } from '../kernel/problem.js';
import { ok, refuse, type Result } from '../kernel/result.js';
import type { CommandHandler, Work } from '../platform/pipeline/index.js';
import { programmePolicyInForce } from '../programmes/index.js';
import { planTakeBack } from '../purchases/index.js';
import { adjustmentAnswer } from './adjust.handler.js';
import { adjustmentsSlice } from './adjustments.slice.js';
import type { AdjustmentFacts, PointsElsewhere } from './domain/adjustment-facts.js';
import { asElsewhere, continued } from './domain/elsewhere.js';
import { byLot, continuing } from './plan-reversal.js';
import { adjustmentProblems } from './problems.js';

export interface TakeElsewhereBody {
  /** The posted correction that is still to take points of the target. */
  readonly adjustmentId: AdjustmentId;
  /** The adjustment that it corrects, and the lots that this opened. */
  readonly correctsId: AdjustmentId;
  readonly namedLots: readonly LotId[];
}

/**
 * Takes what a posted correction decided to take of another account, the target; the counterparty is the
 * correction, under which it is recorded. What was used meanwhile is owed or forgiven like the rest. Done again it
 * finds nothing left to do.
 */
export const takeElsewhere: CommandHandler<TakeElsewhereBody> = {
  type: 'adjustment.takeElsewhere',
  needsLazyRows: () => true,
  preload: 'referenced',
  referencedIds: ({ adjustmentId, correctsId, namedLots }) => [adjustmentId, correctsId, ...namedLots],
  repeatable: true,
  unknownTarget: notFound,
  unknownCounterparty: notFound,
  naturalConflict: notFound,
  decide: (body, work, counterparty) => {
    const home = counterparty ?? work;
    const { known } = home.account(adjustmentsSlice);
    const [correction, given] = [known.get(body.adjustmentId), known.get(body.correctsId)];
    if (!correction || !given) return refuse(notFound(body));
    const open = correction.outcome?.elsewhere?.find(({ accountId }) => accountId === work.accountId);
    if (!open) return ok(adjustmentAnswer(200, correction, home));
    const taken = take(open, correction, given, work, home);
    return taken.ok ? ok(adjustmentAnswer(200, taken.value, home)) : taken;
  },
};

function take(
  { points, gone: goneBefore }: PointsElsewhere,
  correction: AdjustmentFacts,
  given: AdjustmentFacts,
  work: Work,
  home: Work,
): Result<AdjustmentFacts, Problem> {
  const cause: Cause = { type: 'adjustment', id: correction.adjustmentId };
  const lots = continuing(given, work).map(asElsewhere);
  const { moves, gone, short } = planTakeBack(points, lots, goneBefore, false);
  // It was decided that the points are taken, so what cannot be taken any more is no reason to refuse.
  const forgives = programmePolicyInForce(work.config, work.now).correctionPolicy === 'forgive';
  const debt = forgives ? 0 : short;
  if (moves.length > 0) {
    const corrected = work.emit({ type: 'points.corrected', data: { cause, lots: moves } });
    if (!corrected.ok) return corrected;
  }
  if (debt > 0) {
    const incurred = home.emit({ type: 'debt.incurred', data: { cause, points: debt } });
    if (!incurred.ok) return incurred;
  }
  const there = { taken: points - gone - short, expired: gone, debt, forgiven: short - debt };
  const adjustment: AdjustmentFacts = {
    ...correction,
    lots: [...correction.lots, ...byLot(moves)],
    outcome: continued(correction.outcome ?? NOTHING, work.accountId, there),
  };
  const data = { adjustment, auditId: home.ids.next('adt') };
  const told = home.emit({ type: 'adjustment.continued', data });
  return told.ok ? ok(adjustment) : told;
}

const NOTHING = { taken: 0, expired: 0, debt: 0, forgiven: 0 };

function notFound({ adjustmentId }: TakeElsewhereBody): Problem {
  return adjustmentProblems.problem('ADJUSTMENT_NOT_FOUND', `There is no adjustment ${adjustmentId}.`);
}
