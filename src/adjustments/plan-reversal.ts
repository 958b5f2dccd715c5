import type { BucketPoints, Cause } from '../kernel/domain-events.js';
import type { AdjustmentId, LotId } from '../kernel/ids.js';
import type { Points } from '../kernel/points.js';
import type { Problem } from '../kernel/problem.js';
import { ok, refuse, type Result } from '../kernel/result.js';
import { ledgerSlice, type Lot } from '../ledger/index.js';
import { memberSlice } from '../members/index.js';
import type { Emission, Work } from '../platform/pipeline/index.js';
import { programmePolicyInForce } from '../programmes/index.js';
import { planTakeBack } from '../purchases/index.js';
import type { AdjustmentPlan } from './adjustment-plan.js';
import { adjustmentsSlice } from './adjustments.slice.js';
import type { AdjustmentFacts } from './domain/adjustment-facts.js';
import { correctedPoints, goneBefore, isReversed, isReversible } from './domain/corrections.js';
import { shareElsewhere } from './domain/elsewhere.js';
import type { AdjustmentOrder } from './domain/order.js';
import { adjustmentProblems } from './problems.js';

/**
 * Takes back points that an adjustment gave, all that were not corrected yet or some of them (E24): what is still
 * there, in its own lots and in those that continue them, here at once and in other accounts next; what had filled a
 * debt here opens it again; what expired stays expired. What was used or is on hold is dealt with by the policy's
 * `correctionPolicy`.
 */
export function planCorrection(order: AdjustmentOrder, work: Work): Result<AdjustmentPlan, Problem> {
  const found = correctable(order, work);
  if (!found.ok) return found;
  const { given, later } = found.value;
  const left = given.points - correctedPoints(later);
  const points = order.points ?? left;
  if (points > left) {
    const detail = `${left} points of ${given.adjustmentId} were not taken back yet.`;
    return refuse(adjustmentProblems.problem('MORE_THAN_GIVEN', detail, { meta: { left } }));
  }
  const places = (order.places ?? []).filter(({ accountId }) => accountId !== work.accountId);
  const goneThere = places.reduce((total, { gone }) => total + gone, 0);
  const own = continuing(given, work);
  const here = planTakeBack(points, own, goneBefore(later) - goneThere, false);
  const { moves } = here;
  const elsewhere = shareElsewhere(here.gone + here.short, places);
  const unfound = here.gone + here.short - sum(elsewhere);
  const gone = Math.min(unfound, here.gone);
  const short = unfound - gone;
  const policy = programmePolicyInForce(work.config, work.now).correctionPolicy;
  if (short > 0 && policy === 'refuse') {
    const detail = `${short} of the ${points} points were used or are on hold.`;
    return refuse(adjustmentProblems.problem('POINTS_SPENT', detail, { meta: { points, short } }));
  }
  const debt = policy === 'debt' ? short : 0;
  const emissions = (cause: Cause): readonly Emission[] => [
    ...(moves.length === 0 ? [] : [{ type: 'points.corrected' as const, data: { cause, lots: moves } }]),
    ...(debt === 0 ? [] : [{ type: 'debt.incurred' as const, data: { cause, points: debt } }]),
  ];
  const outcome = {
    ...{ taken: sum(moves), expired: gone, debt, forgiven: short - debt },
    ...(elsewhere.length > 0 ? { elsewhere } : {}),
  };
  return ok({ points, origin: null, lots: byLot(moves), outcome, emissions });
}

export interface Correctable {
  readonly given: AdjustmentFacts;
  /** What was taken back of it since. */
  readonly later: readonly AdjustmentFacts[];
}

/** The member's own posted adjustment that an order names, unless it was reversed. */
export function correctable({ correctsId }: AdjustmentOrder, work: Work): Result<Correctable, Problem> {
  const { known } = work.account(adjustmentsSlice);
  const id = correctsId as AdjustmentId;
  const given = known.get(id);
  const own = new Set([work.memberId, ...work.member(memberSlice).mergedFrom]);
  if (!given || !own.has(given.memberId)) {
    const detail = `The member has no adjustment ${id}.`;
    return refuse(adjustmentProblems.problem('ADJUSTMENT_NOT_FOUND', detail));
  }
  if (!isReversible(given)) {
    const detail = `${id} is a ${given.kind} that is ${given.status}; credits, reinstatements and forfeits that are posted can be reversed.`;
    return refuse(adjustmentProblems.problem('ADJUSTMENT_NOT_REVERSIBLE', detail));
  }
  const later = [...known.values()].filter((made) => made.correctsId === id && made.status === 'posted');
  if (isReversed(given, later)) {
    return refuse(adjustmentProblems.problem('ADJUSTMENT_REVERSED', `${id} was reversed before.`));
  }
  return ok({ given, later });
}

/** The lots that an adjustment opened, and those that continue them in the account, in the order of their ids. */
export function continuing({ lots }: AdjustmentFacts, work: Work): readonly Lot[] {
  const opened = new Set<LotId | null>(lots.map(({ lotId }) => lotId));
  return [...work.account(ledgerSlice).lots.values()]
    .filter((lot) => opened.has(lot.lotId) || opened.has(lot.rootLotId))
    .sort((a, b) => (a.lotId < b.lotId ? -1 : 1));
}

/** Moves of several buckets as points of each lot. */
export function byLot(moves: readonly BucketPoints[]): AdjustmentPlan['lots'] {
  const sums = new Map<LotId, Points>();
  for (const { lotId, points } of moves) sums.set(lotId, (sums.get(lotId) ?? 0) + points);
  return [...sums].map(([lotId, points]) => ({ lotId, points }));
}

function sum(moves: readonly { readonly points: Points }[]): Points {
  return moves.reduce((total, { points }) => total + points, 0);
}
