import type { AdjustmentId, PurchaseId } from '../kernel/ids.js';
import type { Points } from '../kernel/points.js';
import type { Problem } from '../kernel/problem.js';
import { ok, refuse, type Result } from '../kernel/result.js';
import type { Work } from '../platform/pipeline/index.js';
import { programmePolicyInForce } from '../programmes/index.js';
import { carryOutReturn, pointsDue } from './carry-out-return.js';
import { planReturn } from './domain/plan-return.js';
import type { LookedUp } from './domain/return-body.js';
import type { ReturnFacts } from './domain/return-facts.js';
import { purchaseProblems } from './problems.js';
import { purchasesSlice, recordedPurchase } from './purchases.slice.js';

/** The return of all that is left of a receipt, by hand and not at a till; nothing has moved yet. */
export interface ReturnByHand {
  /** What the receipt earned and no return took back so far, whatever became of it. */
  readonly points: Points;
  /** Carries it out under the adjustment that asks for it. */
  readonly carryOut: (adjustmentId: AdjustmentId) => Result<ReturnFacts, Problem>;
}

/**
 * Plans the return of a receipt of the member's by hand. No money is handed back, so none can be kept for points that
 * were spent: where the policy would deduct them from the refund, they are owed.
 */
export function planReturnByHand(purchaseId: PurchaseId, work: Work): Result<ReturnByHand, Problem> {
  const purchase = recordedPurchase(work.account(purchasesSlice), purchaseId);
  if (purchase?.memberId !== work.memberId) {
    const detail = `The member has no purchase ${purchaseId}.`;
    return refuse(purchaseProblems.problem('PURCHASE_NOT_FOUND', detail));
  }
  const plan = planReturn([purchase], { whole: true, lines: [] });
  const [planned] = plan.ok ? plan.value : [];
  if (!planned) {
    const detail = 'Everything was returned before.';
    return refuse(purchaseProblems.problem('NOTHING_LEFT_TO_RETURN', detail));
  }
  const { source, occurredAt } = purchase.facts;
  const { returnPolicy } = programmePolicyInForce(work.config, occurredAt);
  return ok({
    points: pointsDue(planned, work.config),
    carryOut: (adjustmentId) => {
      const done = carryOutReturn(
        planned,
        {
          ...{ source, receiptNo: adjustmentId, adjustmentId },
          // A till may be fast: goods come back after they were bought.
          occurredAt: Math.max(work.now, occurredAt),
          spentPoints: returnPolicy === 'forgive' ? 'forgive' : 'debt',
          ...{ onlyPending: false, exchanged: false },
        },
        work,
      );
      return done.ok ? ok(done.value.facts) : done;
    },
  });
}

/** What a command that returns a receipt by hand must load with it, for its body. */
export function loadedWithReceipt({ referencedIds, earliestAt }: LookedUp) {
  return { named: referencedIds, measuresAt: earliestAt ?? 0, wholeStanding: true } as const;
}
