import { ok, type Result } from '../kernel/result.js';
import type { Problem } from '../kernel/problem.js';
import { balanceOf, ledgerSlice } from '../ledger/index.js';
import { memberProblems } from '../members/index.js';
import type { Answer, CommandHandler, Work } from '../platform/pipeline/index.js';
import { purchaseProblems } from '../purchases/index.js';
import { adjustmentView } from './adjustment-view.js';
import { approvalUsesSlice, nextUse, usesKey } from './approval-uses.slice.js';
import type { AdjustmentFacts } from './domain/adjustment-facts.js';
import { needsApproval } from './domain/adjustment-reason.js';
import { REQUEST_LIFE_MS, type AdjustmentOrder, type AskedAdjustment } from './domain/order.js';
import { changesNothing } from './adjustment-plan.js';
import { checkOrder, post } from './plan-adjustment.js';
import { adjustmentProblems } from './problems.js';

/**
 * Adjusts points by hand, or, above what is left of the reason's limit that day, records the wish: then everything is
 * checked now and again when a key of another line approves it.
 */
export const adjust: CommandHandler<AskedAdjustment> = {
  type: 'adjustment.make',
  cacheable: true,
  // Points that are given are a lot of their own, whatever others there are.
  needsLazyRows: ({ kind, correctsId }) => kind !== 'credit' || Boolean(correctsId),
  preload: 'referenced',
  endingBy: ({ expiringBy }) => expiringBy,
  referencedIds: ({ lotId, correctsId, named = [] }) => [
    ...(lotId === null ? [] : [lotId]),
    ...(correctsId ? [correctsId] : []),
    ...named,
  ],
  unknownCounterparty: ({ purchaseId }) =>
    purchaseProblems.problem('PURCHASE_NOT_FOUND', `There is no purchase ${purchaseId}.`),
  sharedKeys: ({ reason, line }) => [{ slice: approvalUsesSlice.name, key: usesKey(reason, line) }],
  unknownTarget: () => memberProblems.problem('MEMBER_NOT_FOUND', 'No member has this identifier.'),
  naturalConflict: ({ externalId }) =>
    adjustmentProblems.problem(
      'ADJUSTMENT_CONFLICT',
      `externalId ${externalId} was used before with another body.`,
    ),
  decide: (order, work) => {
    const checked = checkOrder(order, work);
    if (!checked.ok) return checked;
    const { plan, reason } = checked.value;
    if (changesNothing(plan)) return ok(nothingWaits(order, work));
    const { use, used } = nextUse(work, reason.key, order.line);
    const waits = needsApproval(reason.body, plan.points, used);
    const { kind, lotId, expiringBy, expiresAt, occurredAt, evidence, approvedBy, externalId } = order;
    const { debitKind = 'forfeit', correctsId = null, purchaseId = null } = order;
    const adjustment: AdjustmentFacts = {
      ...{ kind, lotId, expiringBy, expiresAt, occurredAt, evidence, approvedBy, externalId },
      adjustmentId: work.ids.next('adj'),
      memberId: work.memberId,
      status: waits ? 'requested' : 'posted',
      points: plan.points,
      reason: { id: reason.key, version: reason.version },
      origin: plan.origin,
      lots: waits ? [] : plan.lots,
      debitKind: kind === 'debit' ? debitKind : null,
      correctsId,
      purchaseId,
      outcome: waits ? null : (plan.outcome ?? null),
      requestedBy: work.actor,
      requestedAt: work.now,
      lapsesAt: waits ? work.now + REQUEST_LIFE_MS : null,
      decision: null,
    };
    const counts = reason.body.approvalAbove !== null && plan.points > 0;
    const done = waits
      ? request(adjustment, work)
      : post(adjustment, plan, work, counts ? { ...use, points: plan.points } : null);
    return done.ok ? ok(adjustmentAnswer(waits ? 202 : 201, done.value, work)) : done;
  },
};

/** Records what waits for a decision. @returns it. */
function request(adjustment: AdjustmentFacts, work: Work): Result<AdjustmentFacts, Problem> {
  const data = { adjustment, auditId: work.ids.next('adt') };
  const told = work.emit({ type: 'adjustment.requested', data });
  return told.ok ? ok(adjustment) : told;
}

export function adjustmentAnswer(status: number, adjustment: AdjustmentFacts, work: Work): Answer {
  const balance = balanceOf(work.account(ledgerSlice));
  return { status, body: { ...adjustmentView(adjustment, work.now), balance } };
}

/** A lot that has nothing left to wait for is as it was wanted: nothing is recorded. */
function nothingWaits({ kind, lotId }: AdjustmentOrder, work: Work): Answer {
  return {
    status: 200,
    body: {
      id: null,
      kind,
      status: 'unchanged',
      points: 0,
      lotId,
      balance: balanceOf(work.account(ledgerSlice)),
    },
  };
}
