import { NeedsMoreRows } from '../kernel/needs-more-rows.js';
import type { Problem } from '../kernel/problem.js';
import { ok, refuse, type Result } from '../kernel/result.js';
import type { Instant } from '../kernel/time.js';
import {
  ledgerSlice,
  livePoints,
  planActivation,
  waitingPoints,
  whyNotExtendable,
  type Lot,
  type NotExtendable,
} from '../ledger/index.js';
import { memberSlice } from '../members/index.js';
import type { Work } from '../platform/pipeline/index.js';
import { lotOf, type AdjustmentPlan, type PlannedMoves } from './adjustment-plan.js';
import type { AdjustmentOrder } from './domain/order.js';
import { adjustmentProblems } from './problems.js';

const WHY: Readonly<Record<NotExtendable, string>> = {
  closed: 'None of its points is left.',
  noEnd: 'It has no end of its own: it never expires, slides, or awaits an event first.',
  notLater: 'It must end later than it does, and later than now.',
};

/** One lot, or all of the member's that would have ended by an instant, end later. */
export function planExtension(order: AdjustmentOrder, work: Work): Result<AdjustmentPlan, Problem> {
  const expiresAt = order.expiresAt ?? 0;
  const chosen = lotsToExtend(order, expiresAt, work);
  if (!chosen.ok) return chosen;
  const lots = chosen.value.map((lot) => ({ lotId: lot.lotId, points: livePoints(lot) }));
  return ok({
    points: lots.reduce((sum, { points }) => sum + points, 0),
    origin: null,
    lots,
    emissions: (cause) => [
      { type: 'lots.extended', data: { cause, lots: lots.map(({ lotId }) => ({ lotId, expiresAt })) } },
    ],
  });
}

function lotsToExtend(
  { lotId, expiringBy }: AdjustmentOrder,
  expiresAt: Instant,
  work: Work,
): Result<readonly Lot[], Problem> {
  if (lotId !== null) {
    const found = lotOf(lotId, work);
    if (!found.ok) return found;
    const why = whyNotExtendable(found.value, expiresAt, work.now);
    return why === null ? ok([found.value]) : refuse(notExtendable(`${lotId}: ${WHY[why]}`, why));
  }
  const until = expiringBy ?? 0;
  const { accountId, lots, reachesTo } = work.account(ledgerSlice);
  if (reachesTo < until) throw new NeedsMoreRows(accountId, 'every lot that ends by then', 'everything');
  const own = new Set([work.memberId, ...work.member(memberSlice).mergedFrom]);
  const ending = [...lots.values()].filter(
    (lot) =>
      own.has(lot.memberId) &&
      lot.expiresAt !== null &&
      lot.expiresAt <= until &&
      whyNotExtendable(lot, expiresAt, work.now) === null,
  );
  if (ending.length === 0)
    return refuse(notExtendable("None of the member's lots would be given a later end.", 'notLater'));
  return ok(ending);
}

function notExtendable(detail: string, why: NotExtendable): Problem {
  return adjustmentProblems.problem('LOT_NOT_EXTENDABLE', detail, { meta: { why } });
}

/** What a lot has waiting becomes usable now. */
export function planLotActivation(order: AdjustmentOrder, work: Work): Result<AdjustmentPlan, Problem> {
  const found = lotOf(order.lotId, work);
  if (!found.ok) return found;
  const { steps, slidingExpiresAt } = planActivation(found.value, work.now, work.config.timeZone);
  return ok({
    ...waiting(found.value),
    emissions: (cause) => [
      ...(slidingExpiresAt === null
        ? []
        : [{ type: 'expiry.slid' as const, data: { cause, expiresAt: slidingExpiresAt } }]),
      ...steps.map(({ type, lots }) => ({ type, data: { cause, lots } })),
    ],
  });
}

/** What a lot has waiting is given up. */
export function planLotCancellation(order: AdjustmentOrder, work: Work): Result<AdjustmentPlan, Problem> {
  const found = lotOf(order.lotId, work);
  if (!found.ok) return found;
  return ok({
    ...waiting(found.value),
    emissions: (cause) => [{ type: 'points.cancelled', data: { cause, lots: waitingPoints(found.value) } }],
  });
}

function waiting(lot: Lot): Omit<PlannedMoves, 'emissions'> {
  const lots = waitingPoints(lot).map(({ lotId, points }) => ({ lotId, points }));
  return { points: lots.reduce((sum, { points }) => sum + points, 0), origin: null, lots };
}
