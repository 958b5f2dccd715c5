import type { LotId } from '../kernel/ids.js';
import type { Points } from '../kernel/points.js';
import type { Problem } from '../kernel/problem.js';
import { ok, refuse, type Result } from '../kernel/result.js';
import { ledgerSlice } from '../ledger/index.js';
import type { Work } from '../platform/pipeline/index.js';
import { goneCountedByReturns } from '../purchases/index.js';
import type { AdjustmentPlan } from './adjustment-plan.js';
import { adjustmentsSlice } from './adjustments.slice.js';
import type { AdjustmentFacts } from './domain/adjustment-facts.js';
import { goneBefore } from './domain/corrections.js';
import type { AdjustmentOrder } from './domain/order.js';
import { correctable } from './plan-reversal.js';
import { adjustmentProblems } from './problems.js';

/** Gives forfeited points back to their own lots, with their own ends (E24); those that are past expire at once. */
export function planForfeitReversal(order: AdjustmentOrder, work: Work): Result<AdjustmentPlan, Problem> {
  const found = correctable(order, work);
  if (!found.ok) return found;
  const { given } = found.value;
  const { lots } = work.account(ledgerSlice);
  if (given.lots.some(({ lotId, points }) => (lots.get(lotId)?.cancelled ?? 0) < points)) {
    const detail = `The lots of ${given.adjustmentId} are in an account that the member has left.`;
    return refuse(adjustmentProblems.problem('ADJUSTMENT_ELSEWHERE', detail));
  }
  if (countedAsGone(given, work)) {
    const detail = `The credit or the receipt whose points ${given.adjustmentId} took was taken back later, so the points are gone; use a credit instead.`;
    return refuse(adjustmentProblems.problem('POINTS_TAKEN_BACK', detail));
  }
  return ok({
    points: given.points,
    origin: null,
    lots: given.lots,
    emissions: (cause) => [{ type: 'points.unforfeited', data: { cause, lots: given.lots } }],
  });
}

/**
 * Whether what gave the points was taken back since, by a correction or a return that found them forfeited and took
 * nothing more for them. Given back now, they would be points that nothing stands for.
 */
function countedAsGone({ lots: forfeited }: AdjustmentFacts, work: Work): boolean {
  const { lots } = work.account(ledgerSlice);
  const givenBack = new Map<LotId, Points>();
  for (const { lotId, points } of forfeited) {
    const root = lots.get(lotId)?.rootLotId ?? lotId;
    givenBack.set(root, (givenBack.get(root) ?? 0) + points);
  }
  return [...givenBack].some(([root, points]) => {
    const gone = [...lots.values()]
      .filter((lot) => lot.lotId === root || lot.rootLotId === root)
      .reduce((sum, { expired, cancelled }) => sum + expired + cancelled, 0);
    return gone - points < goneCountedByCorrections(root, work) + goneCountedByReturns(root, work);
  });
}

/** How many points of a lot the corrections of the credit that opened it counted as gone. */
function goneCountedByCorrections(root: LotId, work: Work): Points {
  const known = [...work.account(adjustmentsSlice).known.values()].filter(
    ({ status }) => status === 'posted',
  );
  const credits = known.filter(
    ({ kind, lots }) =>
      (kind === 'credit' || kind === 'reinstatement') && lots.some(({ lotId }) => lotId === root),
  );
  return credits.reduce(
    (sum, credit) => sum + goneBefore(known.filter(({ correctsId }) => correctsId === credit.adjustmentId)),
    0,
  );
}
