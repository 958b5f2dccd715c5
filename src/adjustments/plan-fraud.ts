import { planReturnByHand, type ReturnFacts } from '../purchases/index.js';
import type { PurchaseId } from '../kernel/ids.js';
import type { Problem } from '../kernel/problem.js';
import { ok, type Result } from '../kernel/result.js';
import type { Work } from '../platform/pipeline/index.js';
import type { AdjustmentPlan } from './adjustment-plan.js';
import type { AdjustmentOrder } from './domain/order.js';

/** Takes back a receipt that was fraud: it runs as the return of all that is left of it (E17). */
export function planFraud({ purchaseId }: AdjustmentOrder, work: Work): Result<AdjustmentPlan, Problem> {
  const plan = planReturnByHand(purchaseId as PurchaseId, work);
  if (!plan.ok) return plan;
  const { points, carryOut } = plan.value;
  return ok({
    ...{ points, origin: null, lots: [] },
    returnFor: (adjustmentId) => {
      const returned = carryOut(adjustmentId);
      return returned.ok ? ok(outcomeOf(returned.value)) : returned;
    },
  });
}

function outcomeOf({ returnId, takenFrom, pointsTaken, grants, debt, forgiven }: ReturnFacts) {
  const expired = grants.reduce((sum, { gone }) => sum + gone, 0);
  return {
    lots: takenFrom.map(({ lotId, points }) => ({ lotId, points })),
    outcome: { taken: pointsTaken, expired, debt, forgiven, returnId },
  };
}
