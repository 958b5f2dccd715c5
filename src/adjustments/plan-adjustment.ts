import type { Problem } from '../kernel/problem.js';
import { ok, refuse, type Result } from '../kernel/result.js';
import { formatInstant } from '../kernel/time.js';
import { expirePast, insufficientPoints, ledgerSlice, planSpend } from '../ledger/index.js';
import { CLOCK_SKEW_MS } from '../purchases/index.js';
import type { Published } from '../platform/versioned-config/config-snapshot.js';
import type { Work } from '../platform/pipeline/index.js';
import type { AdjustmentPlan } from './adjustment-plan.js';
import { adjustmentReasonKind } from './adjustment-reason.kind.js';
import type { AdjustmentFacts, LimitUse } from './domain/adjustment-facts.js';
import { allows, type AdjustmentReason } from './domain/adjustment-reason.js';
import { saidPoints, type AdjustmentOrder } from './domain/order.js';
import { planCredit, planReinstatement } from './plan-credit.js';
import { planFraud } from './plan-fraud.js';
import { planExtension, planLotActivation, planLotCancellation } from './plan-lots.js';
import { planForfeitReversal } from './plan-forfeit-reversal.js';
import { planCorrection } from './plan-reversal.js';
import { adjustmentProblems } from './problems.js';

/** What an order comes to, and the version of its reason that says so. */
export interface CheckedOrder {
  readonly plan: AdjustmentPlan;
  readonly reason: Published<AdjustmentReason>;
}

/** Checks an order against its reason, as it is in force now, and the account, as it is now. */
export function checkOrder(order: AdjustmentOrder, work: Work): Result<CheckedOrder, Problem> {
  const reason = reasonFor(order, work);
  if (!reason.ok) return reason;
  const plan = planOf(order, reason.value.body, work);
  return plan.ok ? ok({ plan: plan.value, reason: reason.value }) : plan;
}

/**
 * Moves the points of a checked order and records it as posted.
 * @param use what that uses of the reason's limit; null where it was approved, or where there is no limit.
 * @returns it, with what came of it.
 */
export function post(
  adjustment: AdjustmentFacts,
  plan: AdjustmentPlan,
  work: Work,
  use: LimitUse | null = null,
): Result<AdjustmentFacts, Problem> {
  const moved = carryOut(adjustment, plan, work);
  if (!moved.ok) return moved;
  const expired = expirePast(work);
  if (!expired.ok) return expired;
  const data = { adjustment: moved.value, auditId: work.ids.next('adt'), ...(use && { use }) };
  const posted = work.emit({ type: 'adjustment.posted', data });
  return posted.ok ? moved : posted;
}

function carryOut(
  adjustment: AdjustmentFacts,
  plan: AdjustmentPlan,
  work: Work,
): Result<AdjustmentFacts, Problem> {
  const { adjustmentId } = adjustment;
  if ('returnFor' in plan) {
    const returned = plan.returnFor(adjustmentId);
    return returned.ok ? ok({ ...adjustment, ...returned.value }) : returned;
  }
  for (const emission of plan.emissions({ type: 'adjustment', id: adjustmentId })) {
    const emitted = work.emit(emission);
    if (!emitted.ok) return emitted;
  }
  return ok(adjustment);
}

function reasonFor(order: AdjustmentOrder, work: Work): Result<Published<AdjustmentReason>, Problem> {
  const reason = work.config.find(adjustmentReasonKind, order.reason, work.now);
  const at = (code: string, detail: string, field: string) => ({
    errors: [{ pointer: `/${field}`, code, detail }],
  });
  if (!reason) {
    const begins = work.config.beginsAfter(adjustmentReasonKind, order.reason, work.now);
    const detail =
      begins === null
        ? `There is no reason ${order.reason}.`
        : `The reason ${order.reason} begins at ${formatInstant(begins)}.`;
    const extras = at('ADJUSTMENT_REASON_NOT_FOUND', detail, 'reason');
    return refuse(adjustmentProblems.problem('ADJUSTMENT_REASON_NOT_FOUND', detail, extras));
  }
  if (!reason.body.active) {
    const detail = `The reason ${order.reason} is not active.`;
    return refuse(adjustmentProblems.problem('ADJUSTMENT_REASON_INACTIVE', detail));
  }
  if (!allows(reason.body, order.kind)) {
    const detail = `The reason ${order.reason} is for a ${reason.body.direction}, not for a ${order.kind}.`;
    const extras = at('WRONG_DIRECTION', detail, 'reason');
    return refuse(adjustmentProblems.problem('WRONG_DIRECTION', detail, extras));
  }
  if (order.origin !== null && order.origin !== reason.body.origin) {
    const detail = `The origin of the reason ${order.reason} is ${reason.body.origin ?? 'not set'}.`;
    const extras = at('ORIGIN_MISMATCH', detail, 'origin');
    return refuse(adjustmentProblems.problem('ORIGIN_MISMATCH', detail, extras));
  }
  if (reason.body.evidenceRequired && order.evidence === null) {
    const detail = `The reason ${order.reason} requires evidence, an address.`;
    const extras = at('EVIDENCE_REQUIRED', detail, 'evidence');
    return refuse(adjustmentProblems.problem('EVIDENCE_REQUIRED', detail, extras));
  }
  return ok(reason);
}

function planOf(
  order: AdjustmentOrder,
  reason: AdjustmentReason,
  work: Work,
): Result<AdjustmentPlan, Problem> {
  switch (order.kind) {
    case 'credit':
      return planCredit(order, reason, work);
    case 'debit':
      return planDebit(order, work);
    case 'creditReversal':
      return planCorrection(order, work);
    case 'debitReversal':
      return planForfeitReversal(order, work);
    case 'reinstatement':
      return planReinstatement(order, reason, work);
    case 'extension':
      return planExtension(order, work);
    case 'activation':
      return planLotActivation(order, work);
    case 'cancellation':
      return planLotCancellation(order, work);
  }
}

/** What was there in the past may be used since, so a debit takes what is there now. */
function planDebit(order: AdjustmentOrder, work: Work): Result<AdjustmentPlan, Problem> {
  const { debitKind, occurredAt } = order;
  if (debitKind === 'correction') return planCorrection(order, work);
  if (occurredAt !== null && Math.abs(work.now - occurredAt) > CLOCK_SKEW_MS) {
    const detail = 'A debit cannot be backdated; omit occurredAt.';
    const errors = [{ pointer: '/occurredAt', code: 'DEBIT_IN_PAST', detail }];
    return refuse(adjustmentProblems.problem('DEBIT_IN_PAST', detail, { errors }));
  }
  return debitKind === 'fraud' ? planFraud(order, work) : planForfeit(order, work);
}

/** Usable points taken for good, in spending order (E15; docs/accounting.md#adjustments-by-hand). */
function planForfeit(order: AdjustmentOrder, work: Work): Result<AdjustmentPlan, Problem> {
  const points = saidPoints(order);
  const plan = planSpend(work.account(ledgerSlice), points);
  if (!plan.ok) return refuse(insufficientPoints(plan.refusal));
  return ok({
    points,
    origin: null,
    lots: plan.value,
    emissions: (cause) => [{ type: 'points.forfeited', data: { cause, lots: plan.value } }],
  });
}
